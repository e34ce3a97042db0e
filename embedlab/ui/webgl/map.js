// The map: what Python says of it is drawn; what a person does is told to Python in a few bytes.
const TOOLS = [["move", "Move", "Drag to move, wheel to zoom"], ["lasso", "Lasso", "Draw around points"], ["box", "Box", "Draw a box around points"]];
const maps = new WeakMap();

class PointMap {
  constructor(root) {
    this.root = root;
    this.el = Object.fromEntries([...root.querySelectorAll("[class]")].map((element) => [element.classList[0], element]));
    this.camera = new Camera();
    this.points = new Points(this.el.points);
    this.tool = "move"; this.hidden = new Set(); this.pointers = new Map(); this.steps = []; this.data = {};
    this.listen();
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(root);
  }

  // --- what Python says ---------------------------------------------------------------------------------------------
  update(data, tell) {
    // What was drawn last; arrays may come after the first words about them.
    const before = this.shown ?? {};
    this.data = data; this.tell = tell;
    this.root.style.height = `${data.height}px`;
    if (!this.points.gl) return this.say("This browser has no WebGL 2.", { webgl: false });
    const points = this.array(data.points), colors = this.array(data.colors);
    if (!points || !colors) return;
    this.shown = data;
    if (data.points !== before.points) this.load(points);
    if (data.colors !== before.colors || data.palette.join() !== before.palette?.join()) this.paint(colors);
    const isNew = data.points !== before.points || data.marked.join() !== before.marked?.join();
    if (data.selection.id !== this.stepsId) { this.steps = data.selection.steps; this.stepsId = data.selection.id; this.mark(); }
    else if (isNew) this.mark();
    if (JSON.stringify([data.legend, data.palette]) !== JSON.stringify([before.legend, before.palette])) this.legend();
    if (JSON.stringify(data.names) !== JSON.stringify(before.names)) this.nameElements();
    if (!this.el.tools.childElementCount) this.toolButtons();
    this.root.setAttribute("aria-label", data.label);
    if (data.hovered && data.hovered.row === this.hovered) this.showTip(data.hovered.text);
    this.draw();
  }

  array(name) { return window.embedlabArrays?.get(name); }

  load({ bytes, texts }) {
    this.places = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    this.texts = texts;
    let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < this.places.length; i += 2) {
      const x = this.places[i], y = this.places[i + 1];
      if (x < left) left = x; if (x > right) right = x; if (y < bottom) bottom = y; if (y > top) top = y;
    }
    this.extent = [left, bottom, right, top];
    this.grid = null;
    this.flags = new Uint8Array(this.places.length / 2);
    this.points.setPlaces(this.places);
    this.camera.fitted = false;
    this.resize();
  }

  paint({ bytes }) {
    this.colors = bytes;
    this.points.setColors(bytes);
    this.palette();
  }

  palette() {
    const rgba = new Uint8Array(1024);
    // Many points shine through each other, so that crowded places look crowded.
    const alpha = Math.round(255 * Math.min(0.9, Math.max(0.25, 12 / Math.log2(this.flags.length + 2) / 1.1)));
    this.data.palette.forEach((color, i) => {
      const value = parseInt(color.slice(1), 16);
      rgba.set([value >> 16, (value >> 8) & 255, value & 255, this.hidden.has(i) ? 0 : i === 255 ? 255 : alpha], 4 * i);
    });
    this.points.setPalette(rgba);
  }

  mark() {
    if (!this.flags) return;
    this.flags.fill(0);
    for (const step of this.steps) applyStep(this.flags, this.places, this.colors, step);
    for (const row of this.data.marked) this.flags[row] |= 2;
    this.points.setFlags(this.flags);
  }

  isShown(i) { return !this.hidden.has(this.colors[i]); }

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
    if (isHome && this.extent) this.camera.fit(this.extent);
    this.draw();
  }

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      if (!this.places) return;
      this.drawPoints();
      this.placeNames();
      this.root.dataset.view = [this.camera.x, this.camera.y, this.camera.zoomed].map((value) => value.toPrecision(6)).join(" ");
      this.root.dataset.selected = this.points.nSelected ?? 0;
      this.root.dataset.drawn = this.flags.length;
    });
  }

  // Small where there are many, and larger as one comes nearer.
  drawPoints() {
    const base = Math.min(9, Math.max(1.6, 15 - 2.3 * Math.log10(this.flags.length + 1)));
    this.points.draw(this.camera, this.ratio, Math.min(16, base * Math.min(4, Math.max(0.8, this.camera.zoomed ** 0.35))));
  }

  nameElements() {
    this.el.names.replaceChildren(...this.data.names.map(({ text }) => {
      const element = document.createElement("span");
      element.textContent = text;
      return element;
    }));
    this.nameSizes = [...this.el.names.children].map((element) => [element.offsetWidth, element.offsetHeight]);
  }

  // Names come with the largest group first; one that would lie on another waits until one has zoomed in.
  placeNames() {
    const taken = [];
    [...this.el.names.children].forEach((element, i) => {
      const { x, y } = this.data.names[i], [px, py] = this.camera.toScreen(x, y);
      const [width, height] = this.nameSizes[i].map((size) => size / 2 + 3);
      const box = [px - width, py - height, px + width, py + height];
      const fits = px > 0 && py > 0 && px < this.camera.width && py < this.camera.height && !taken.some(
        (other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
      element.style.visibility = fits ? "visible" : "hidden";
      if (fits) { taken.push(box); element.style.left = `${px}px`; element.style.top = `${py}px`; }
    });
  }

  legend() {
    const { legend, palette } = this.data, parts = [];
    const add = (kind, text, className) => {
      const element = document.createElement(kind);
      element.textContent = text ?? ""; element.className = className ?? "";
      parts.push(element);
      return element;
    };
    if (legend.title) add("div", legend.title, "title");
    (legend.names ?? []).forEach((name, i) => {
      const button = add("button", name);
      const dot = document.createElement("i");
      dot.style.background = palette[i];
      button.prepend(dot); button.type = "button"; button.title = `${name}: show or hide`;
      button.setAttribute("aria-pressed", String(!this.hidden.has(i)));
      button.onclick = () => {
        this.hidden.has(i) ? this.hidden.delete(i) : this.hidden.add(i);
        button.setAttribute("aria-pressed", String(!this.hidden.has(i)));
        this.palette(); this.draw();
      };
    });
    if (legend.ends) {
      add("div", "", "ramp").style.background = `linear-gradient(to right, ${palette.slice(0, 255).filter((_, i) => i % 16 === 0).join()})`;
      const ends = add("div", "", "ends");
      for (const end of legend.ends) { const span = document.createElement("span"); span.textContent = end; ends.append(span); }
    }
    this.hidden.clear();
    this.palette();
    this.el.legend.replaceChildren(...parts);
  }

  say(text, state) {
    this.el.message.textContent = text; this.el.message.hidden = false;
    this.tell.setStateValue("problem", state);
  }

  // --- what a person does -------------------------------------------------------------------------------------------
  toolButtons() {
    const button = (text, title, act) => {
      const element = document.createElement("button");
      element.type = "button"; element.textContent = text; element.title = title; element.onclick = act;
      this.el.tools.append(element);
      return element;
    };
    const tools = TOOLS.map(([tool, text, title]) => button(text, title, () => {
      this.tool = tool;
      tools.forEach((element, i) => element.setAttribute("aria-pressed", String(TOOLS[i][0] === tool)));
    }));
    tools.forEach((element, i) => element.setAttribute("aria-pressed", String(TOOLS[i][0] === this.tool)));
    button("+", "Zoom in", () => this.zoom(1.6));
    button("−", "Zoom out", () => this.zoom(1 / 1.6));
    button("Whole", "Show the whole map", () => { this.camera.reset(); this.draw(); });
    button("PNG", "Save a picture", () => this.savePicture());
  }

  zoom(factor, px = this.camera.width / 2, py = this.camera.height / 2) { this.camera.zoom(factor, px, py); this.draw(); }

  listen() {
    const root = this.root, at = (event) => { const box = root.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    const isTool = (event) => event.composedPath().some((element) => element === this.el.tools || element === this.el.legend);
    root.onwheel = (event) => { if (isTool(event)) return; event.preventDefault(); this.zoom(Math.exp(-event.deltaY / 400), ...at(event)); };
    root.onpointerdown = (event) => {
      if (isTool(event) || event.button > 0) return;
      root.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, at(event));
      this.begun = { place: at(event), moved: false, tool: event.shiftKey && this.tool === "move" ? "lasso" : this.tool };
      this.line = [at(event)];
    };
    root.onpointermove = (event) => {
      const place = at(event), last = this.pointers.get(event.pointerId);
      if (!last) return isTool(event) ? this.hideTip() : this.hover(place);
      if (this.pointers.size === 2) return this.pinch(event.pointerId, place);
      this.pointers.set(event.pointerId, place);
      if (Math.hypot(place[0] - this.begun.place[0], place[1] - this.begun.place[1]) > 4) this.begun.moved = true;
      if (!this.begun.moved) return;
      this.hideTip();
      if (this.begun.tool === "move") { this.camera.pan(place[0] - last[0], place[1] - last[1]); this.draw(); }
      else this.drawLine(place);
    };
    root.onpointerup = root.onpointercancel = (event) => {
      if (!this.pointers.delete(event.pointerId) || this.pointers.size) return;
      const mode = event.shiftKey ? "add" : event.altKey ? "subtract" : "replace";
      if (!this.begun.moved) this.click(at(event), mode);
      else if (this.begun.tool !== "move") this.endLine(mode);
    };
    root.onpointerleave = () => this.hideTip();
    root.onkeydown = (event) => this.key(event);
    this.el.points.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.el.points.addEventListener("webglcontextrestored", () => {
      this.points.build(); this.points.setPlaces(this.places); this.paint({ bytes: this.colors }); this.mark(); this.draw();
    });
  }

  pinch(id, place) {
    const [first, second] = [...this.pointers.keys()], other = this.pointers.get(id === first ? second : first), last = this.pointers.get(id);
    const before = Math.hypot(last[0] - other[0], last[1] - other[1]), now = Math.hypot(place[0] - other[0], place[1] - other[1]);
    this.pointers.set(id, place); this.begun.moved = true; this.begun.tool = "move";
    if (before > 0) this.zoom(now / before, (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
  }

  drawLine(place) {
    if (this.begun.tool === "box") {
      const [[x, y], [u, v]] = [this.begun.place, place];
      this.line = [[x, y], [u, y], [u, v], [x, v]];
    } else this.line.push(place);
    this.el.drawn.firstElementChild.setAttribute("d", `M${this.line.map((p) => p.join()).join("L")}Z`);
  }

  endLine(mode) {
    const polygon = simplified(this.line, 120, 6).map(([px, py]) => this.camera.toMap(px, py).map((value) => Number(value.toPrecision(7))));
    this.el.drawn.firstElementChild.setAttribute("d", "");
    if (polygon.length > 2) this.step({ mode, polygon, hidden: [...this.hidden] });
  }

  click(place, mode) {
    const row = this.under(place);
    if (row >= 0) this.step({ mode, rows: [row] });
    else if (mode === "replace" && this.points.nSelected) this.step({ mode, rows: [] });
  }

  step(step) {
    this.steps = step.mode === "replace" ? [step] : [...this.steps, step];
    applyStep(this.flags, this.places, this.colors, step);
    this.points.setFlags(this.flags);
    this.draw();
    this.stepsId = `${Date.now()}-${Math.random()}`;
    this.tell.setStateValue("selection", { id: this.stepsId, steps: this.steps });
  }

  under([px, py]) {
    if (!this.places) return -1;
    this.grid ??= new Grid(this.places, this.extent);
    return this.grid.nearest(...this.camera.toMap(px, py), 9 / this.camera.scale, (i) => this.isShown(i));
  }

  hover(place) {
    const row = this.under(place);
    this.tipPlace = place;
    if (row === this.hovered) return row >= 0 && this.tipShown && this.moveTip();
    this.hideTip(); this.hovered = row;
    if (row < 0) return;
    if (this.texts) return this.showTip(this.texts[row]);
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.tell.setTriggerValue("hover", row), 80);
  }

  showTip(text) { this.el.tip.textContent = text; this.el.tip.style.display = "block"; this.tipShown = true; this.moveTip(); }

  moveTip() {
    const [x, y] = this.tipPlace ?? [0, 0], { offsetWidth: width, offsetHeight: height } = this.el.tip;
    this.el.tip.style.left = `${Math.max(4, Math.min(x + 14, this.camera.width - width - 4))}px`;
    this.el.tip.style.top = `${y + height + 20 > this.camera.height ? Math.max(4, y - height - 12) : y + 16}px`;
  }

  hideTip() { clearTimeout(this.asking); this.el.tip.style.display = "none"; this.tipShown = false; this.hovered = -1; }

  key(event) {
    if (event.target !== this.root && event.composedPath()[0] !== this.root) return;
    const step = 60, moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) this.camera.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.4);
    else if (event.key === "-") this.zoom(1 / 1.4);
    else if (event.key === "0") this.camera.reset();
    else if (event.key === "Escape") this.step({ mode: "replace", rows: [] });
    else return;
    event.preventDefault();
    this.draw();
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
    for (const element of this.el.names.children) {
      if (element.style.visibility === "hidden") continue;
      brush.fillText(element.textContent, parseFloat(element.style.left) * this.ratio, parseFloat(element.style.top) * this.ratio);
    }
    const link = document.createElement("a");
    link.download = "map.png"; link.href = picture.toDataURL("image/png"); link.click();
  }

  end() { this.watch.disconnect(); cancelAnimationFrame(this.waiting); this.points.gl?.getExtension("WEBGL_lose_context")?.loseContext(); }
}

export default function (component) {
  const { data, parentElement } = component, root = parentElement.querySelector(".map");
  if (!maps.has(root)) maps.set(root, new PointMap(root));
  const map = maps.get(root), update = () => map.update(data, component);
  window.removeEventListener("embedlab-arrays", map.onArrays);
  map.onArrays = update;
  window.addEventListener("embedlab-arrays", update);
  update();
  return () => { window.removeEventListener("embedlab-arrays", map.onArrays); map.end(); maps.delete(root); };
}
