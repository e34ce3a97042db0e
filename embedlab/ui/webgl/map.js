const FLIGHT_MS = 1600, MOST_FLYING = 100_000;

// The map: what Python says of it is drawn; what a person does is told to Python in a few bytes.
class PointMap {
  constructor(root) {
    this.root = root;
    root.innerHTML = `<style>${STYLE}</style>${LAYOUT}`;
    this.el = Object.fromEntries([...root.querySelectorAll("[class]")].map((element) => [element.classList[0], element]));
    this.camera = new Camera();
    this.points = new Points(this.el.points);
    this.names = new Names(this.el.names);
    this.legend = new Legend(this.el.legend, () => { this.usePalette(); this.draw(); });
    this.steps = []; this.size = 1; this.isDense = false;
    this.gestures = new Gestures(this);
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(root);
  }

  // --- what Python says ---------------------------------------------------------------------------------------------
  update(data, tell) {
    // What was drawn last; arrays may come after the first words about them.
    const before = this.shown ?? {};
    this.data = data; this.tell = tell;
    this.root.style.height = `${data.height}px`;
    this.root.setAttribute("aria-label", data.label);
    if (!this.points.gl) return this.say("This browser has no WebGL 2.", { webgl: false });
    const points = this.array(data.points), colors = this.array(data.colors);
    const isComplete = [data.marked, data.filtered, ...data.selection.steps].every((rows) => this.rows(rows));
    if (!points || !colors || !isComplete) return;
    this.shown = data;
    this.el.draft.hidden = !data.draft;
    if (data.points !== before.points) this.load(points, before.draft || data.flies);
    if (data.colors !== before.colors) this.paint(colors);
    if (data.selection.id !== this.stepsId) { this.steps = data.selection.steps; this.stepsId = data.selection.id; }
    const said = JSON.stringify([data.points, data.marked, data.filtered, this.stepsId]);
    if (said !== this.flagged) { this.flagged = said; this.mark(); }
    if (data.hovered) this.gestures.answer(data.hovered);
    this.draw();
  }

  array(name) { return window.embedlabArrays?.get(name); }

  // Rows are listed or, if many, kept as an array of bits; nothing while that array has not come.
  rows({ rows, kept }) {
    return kept ? this.array(kept) && { bits: this.array(kept).bytes } : { rows: rows ?? [] };
  }

  // From a draft, or the map of another model, points move to their places: one sees what becomes of what one has looked at.
  load({ bytes, about }, doesFly) {
    const former = doesFly && this.places && !this.orbit && { places: this.places, camera: Object.assign(new Camera(), this.camera) };
    this.places = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    this.texts = about.texts; this.scale = about.scale;
    const width = about.width, low = Array(width).fill(Infinity), high = Array(width).fill(-Infinity);
    for (let i = 0; i < this.places.length; i++) {
      const value = this.places[i], axis = i % width;
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
    this.radius = Math.hypot(...high.map((end, axis) => (end - low[axis]) / 2));
    this.orbit = width === 3 ? new Orbit(high.map((end, axis) => (end + low[axis]) / 2)) : null;
    const reach = 0.62 * this.radius;
    this.extent = this.orbit ? [-reach, -reach, reach, reach] : [...low, ...high];
    this.flags = new Uint8Array(this.places.length / width);
    this.points.setPlaces(this.places, width);
    this.turned();
    this.camera.fitted = false;
    this.gestures.tools(Boolean(this.orbit), Boolean(this.points.density.isPossible), this.data.draft);
    this.resize();
    cancelAnimationFrame(this.flight);
    if (former && !this.orbit && former.places.length === this.places.length) this.fly(former);
  }

  // Each point begins where it stood on the screen.
  fly({ places, camera }) {
    const n = places.length;
    if (n > 2 * MOST_FLYING || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const from = new Float32Array(n), between = new Float32Array(n), start = performance.now();
    for (let i = 0; i < n; i += 2) from.set(this.camera.toMap(...camera.toScreen(places[i], places[i + 1])), i);
    const step = (now) => {
      const gone = Math.min(1, Math.max(0, now - start) / FLIGHT_MS), share = gone * gone * (3 - 2 * gone);
      for (let i = 0; i < n; i++) between[i] = from[i] + share * (this.places[i] - from[i]);
      this.points.fill("place", between);
      this.draw();
      if (gone < 1) this.flight = requestAnimationFrame(step);
    };
    this.root.dataset.flown = n / 2;
    step(start);
  }

  turned() { this.flat = this.grid = null; }

  // Places on the screen's plane, worked out again only after the map was turned.
  get plane() { return (this.flat ??= flatten(this.places, this.orbit?.axes)); }

  paint({ bytes, about }) {
    this.colors = bytes; this.palette = about.palette;
    this.points.setColors(bytes);
    this.legend.set(about);
    this.usePalette();
    this.names.set(about.written);
    this.resize();
  }

  usePalette() {
    const rgba = new Uint8Array(1024);
    // Many points shine through each other, so that crowded places look crowded.
    const alpha = this.orbit ? 240 : Math.round(255 * Math.min(0.9, Math.max(0.25, 12 / Math.log2(this.flags.length + 2) / 1.1)));
    for (let i = 0; i < 256; i++) {
      const value = parseInt((this.palette[i] ?? this.palette.at(-1)).slice(1), 16);
      rgba.set([value >> 16, (value >> 8) & 255, value & 255, this.legend.hidden.has(i) ? 0 : i === 255 ? 255 : alpha], 4 * i);
    }
    this.points.setPalette(rgba);
  }

  mark() {
    this.flags.fill(0);
    forEachRow(this.rows(this.data.filtered), (row) => { this.flags[row] |= FILTERED; });
    for (const step of this.steps) this.apply(step);
    forEachRow(this.rows(this.data.marked), (row) => { this.flags[row] |= MARKED; });
    this.points.setFlags(this.flags);
  }

  apply(step) {
    const flat = step.axes ? flatten(this.places, step.axes) : this.places;
    applyStep(this.flags, flat, this.colors, step, this.rows(step));
  }

  // --- drawing ------------------------------------------------------------------------------------------------------
  resize() {
    const { clientWidth: width, clientHeight: height } = this.root, ratio = Math.min(2, window.devicePixelRatio || 1);
    if (!width || !height) return;
    this.ratio = ratio;
    this.el.points.width = width * ratio; this.el.points.height = height * ratio;
    this.el.drawn.setAttribute("viewBox", `0 0 ${width} ${height}`);
    // Nobody has moved the map yet: it fills its place.
    const isHome = !this.camera.fitted || this.camera.isHome;
    this.camera.resize(width, height);
    if (isHome && this.extent) this.camera.fit(this.extent, this.covered);
    this.draw();
  }

  // The legend of a wide map stands beside the points; on a narrow one it lies over them.
  get covered() {
    const legend = this.el.legend.offsetWidth;
    return { right: legend < this.camera.width / 3 ? legend : 0, top: 36 };
  }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (!this.places || !this.palette) return;
      this.drawPoints();
      this.names.place(this.camera, this.orbit?.axes, this.covered);
      this.root.dataset.view = [this.camera.x, this.camera.y, this.camera.zoomed].map((value) => value.toPrecision(6)).join(" ");
      this.root.dataset.selected = this.points.nSelected ?? 0;
      this.root.dataset.drawn = this.flags.length;
    });
  }

  drawPoints() {
    // Small where there are many, and larger as one comes nearer.
    const base = Math.min(9, Math.max(1.6, 15 - 2.3 * Math.log10(this.flags.length + 1)));
    const size = Math.min(24, this.size * base * Math.min(4, Math.max(0.8, this.camera.zoomed ** 0.35)));
    const asDensity = this.isDense ? (this.isDark ? [...this.scale].reverse() : this.scale) : null;
    this.points.draw(this.camera, { ratio: this.ratio, size, axes: this.orbit?.axes, radius: this.radius / 2, asDensity });
  }

  get isDark() {
    const [red, green, blue] = getComputedStyle(this.root).color.match(/\d+/g).map(Number);
    return red + green + blue > 384;
  }

  say(text, state) {
    this.el.message.textContent = text; this.el.message.hidden = false;
    this.tell.setStateValue("problem", state);
  }

  // --- what a person does -------------------------------------------------------------------------------------------
  isShown(i) { return !this.legend.hidden.has(this.colors[i]) && !(this.flags[i] & FILTERED); }

  zoom(factor, px = this.camera.width / 2, py = this.camera.height / 2) { this.camera.zoom(factor, px, py); this.draw(); }

  turn(dx, dy) { this.orbit.turn(dx, dy); this.turned(); this.draw(); }

  home() { this.camera.reset(); if (this.orbit) { this.orbit.reset(); this.turned(); } this.draw(); }

  under([px, py]) {
    if (!this.places || !this.colors) return -1;
    this.grid ??= new Grid(this.plane);
    return this.grid.nearest(...this.camera.toMap(px, py), 9 / this.camera.scale, (i) => this.isShown(i));
  }

  selectInside(line, mode) {
    const polygon = simplified(line, 120, 6).map(([px, py]) => this.camera.toMap(px, py).map((value) => Number(value.toPrecision(7))));
    const axes = this.orbit ? { axes: this.orbit.axes } : {};
    if (polygon.length > 2) this.step({ mode, polygon, hidden: [...this.legend.hidden], ...axes });
  }

  click(place, mode) {
    const row = this.under(place);
    if (row >= 0) this.step({ mode, rows: [row] });
    else if (mode === "replace" && this.points.nSelected) this.step({ mode, rows: [] });
  }

  step(step) {
    this.steps = step.mode === "replace" ? [step] : [...this.steps, step];
    this.apply(step);
    this.points.setFlags(this.flags);
    this.draw();
    this.stepsId = `${Date.now()}-${Math.random()}`;
    this.flagged = JSON.stringify([this.data.points, this.data.marked, this.data.filtered, this.stepsId]);
    this.tell.setStateValue("selection", { id: this.stepsId, steps: this.steps });
  }

  savePicture() {
    const picture = document.createElement("canvas"), { width, height } = this.el.points, style = getComputedStyle(this.root);
    picture.width = width; picture.height = height;
    const brush = picture.getContext("2d");
    brush.fillStyle = style.getPropertyValue("--st-background-color"); brush.fillRect(0, 0, width, height);
    cancelAnimationFrame(this.waiting); this.waiting = 0;
    this.drawPoints();
    brush.drawImage(this.el.points, 0, 0);
    brush.fillStyle = style.color; brush.font = `600 ${13 * this.ratio}px ${style.fontFamily}`; brush.textAlign = "center";
    this.names.paint(brush, this.ratio);
    const link = document.createElement("a");
    link.download = "map.png"; link.href = picture.toDataURL("image/png"); link.click();
  }

  end() { this.watch.disconnect(); cancelAnimationFrame(this.waiting); cancelAnimationFrame(this.flight); this.points.gl?.getExtension("WEBGL_lose_context")?.loseContext(); }
}

// The elements on the page ask for their maps here, once this program has come.
const maps = new WeakMap();
window.embedlabMaps = {
  update({ data, parentElement, ...tell }) {
    const root = parentElement.querySelector(".map");
    if (!maps.has(root)) maps.set(root, new PointMap(root));
    maps.get(root).update(data, tell);
  },
  end(parentElement) {
    const root = parentElement.querySelector(".map");
    maps.get(root)?.end(); maps.delete(root);
  },
};

export default function () { window.dispatchEvent(new Event("embedlab-arrays")); }
