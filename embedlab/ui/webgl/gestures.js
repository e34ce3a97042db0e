// Pointer, touch and keyboard on a map, and its row of tools.
const TOOLS = [["move", "Move", "Drag to move, wheel to zoom"], ["lasso", "Lasso", "Draw around points; with Shift to add, with Alt to take away"], ["box", "Box", "Draw a box around points; with Shift to add, with Alt to take away"]];

class Gestures {
  constructor(map) {
    this.map = map; this.el = map.el; this.tool = "move"; this.pointers = new Map(); this.hovered = -1;
    this.listen(map.root);
  }

  // --- tools --------------------------------------------------------------------------------------------------------
  tools(isTurned, canShade, isDraft) {
    const map = this.map, buttons = [];
    const button = (text, title, act) => {
      const element = document.createElement("button");
      element.type = "button"; element.textContent = text; element.title = title; element.onclick = () => act(element);
      buttons.push(element);
      return element;
    };
    const choices = TOOLS.map(([tool, text, title]) => {
      const isMove = tool === "move" && isTurned;
      return button(isMove ? "Turn" : text, isMove ? "Drag to turn, right button to move, wheel to zoom" : title, () => {
        this.tool = tool;
        choices.forEach((other, i) => other.setAttribute("aria-pressed", String(TOOLS[i][0] === tool)));
        map.root.style.cursor = tool === "move" ? "grab" : "crosshair";
      });
    });
    button("+", "Zoom in", () => map.zoom(1.4));
    button("−", "Zoom out", () => map.zoom(1 / 1.4));
    button("Whole map", "Show all points", () => map.home());
    if (canShade) button("Density", "Shade crowded places instead of drawing points", (element) => {
      map.isDense = !map.isDense;
      element.setAttribute("aria-pressed", String(map.isDense));
      map.draw();
    }).setAttribute("aria-pressed", String(map.isDense));
    if (!isDraft) button("Picture", "Save as PNG", () => map.savePicture());
    this.el.tools.replaceChildren(...buttons, this.sizeSlider());
    choices[TOOLS.findIndex(([tool]) => tool === this.tool)].click();
  }

  sizeSlider() {
    const slider = document.createElement("input");
    Object.assign(slider, { type: "range", min: "-1", max: "1.5", step: "0.1", value: String(Math.log2(this.map.size)), title: "Size of points" });
    slider.setAttribute("aria-label", "Size of points");
    slider.oninput = () => { this.map.size = 2 ** Number(slider.value); this.map.draw(); };
    return slider;
  }

  // --- pointer and touch --------------------------------------------------------------------------------------------
  listen(root) {
    const map = this.map;
    const at = (event) => { const box = root.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    const isTool = (event) => event.composedPath().some((element) => element === this.el.tools || element === this.el.legend);
    root.onwheel = (event) => { if (isTool(event)) return; event.preventDefault(); map.zoom(Math.exp(-event.deltaY / 400), ...at(event)); };
    root.oncontextmenu = (event) => { if (map.orbit && !isTool(event)) event.preventDefault(); };
    root.onpointerdown = (event) => {
      if (isTool(event) || (event.button > 0 && !map.orbit)) return;
      root.setPointerCapture(event.pointerId);
      this.pointers.set(event.pointerId, at(event));
      const tool = event.shiftKey && this.tool === "move" ? "lasso" : this.tool;
      this.begun = { place: at(event), moved: false, tool: event.button > 0 ? "pan" : tool };
      this.line = [at(event)];
    };
    root.onpointermove = (event) => {
      const place = at(event), last = this.pointers.get(event.pointerId);
      if (!last) return isTool(event) ? this.hideTip() : this.hover(place);
      if (this.pointers.size === 2) return this.pinch(event.pointerId, place);
      this.pointers.set(event.pointerId, place);
      this.drag(place, last);
    };
    root.onpointerup = root.onpointercancel = (event) => {
      if (!this.pointers.delete(event.pointerId) || this.pointers.size) return;
      const mode = event.shiftKey ? "add" : event.altKey ? "subtract" : "replace";
      if (!this.begun.moved) map.click(at(event), mode);
      else if (this.begun.tool === "lasso" || this.begun.tool === "box") this.endLine(mode);
    };
    root.onpointerleave = () => this.hideTip();
    root.onkeydown = (event) => this.key(event);
    this.el.points.addEventListener("webglcontextlost", (event) => event.preventDefault());
    this.el.points.addEventListener("webglcontextrestored", () => {
      map.points.build(); map.points.setPlaces(map.places, map.orbit ? 3 : 2);
      map.points.setColors(map.colors); map.usePalette(); map.mark(); map.draw();
    });
  }

  drag(place, last) {
    if (Math.hypot(place[0] - this.begun.place[0], place[1] - this.begun.place[1]) > 4) this.begun.moved = true;
    if (!this.begun.moved) return;
    this.hideTip();
    const move = [place[0] - last[0], place[1] - last[1]];
    if (this.begun.tool === "move" && this.map.orbit) this.map.turn(...move);
    else if (this.begun.tool === "move" || this.begun.tool === "pan") { this.map.camera.pan(...move); this.map.draw(); }
    else this.drawLine(place);
  }

  pinch(id, place) {
    const [first, second] = [...this.pointers.keys()], other = this.pointers.get(id === first ? second : first), last = this.pointers.get(id);
    const before = Math.hypot(last[0] - other[0], last[1] - other[1]), now = Math.hypot(place[0] - other[0], place[1] - other[1]);
    this.pointers.set(id, place); this.begun.moved = true; this.begun.tool = "move";
    if (before > 0) this.map.zoom(now / before, (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
  }

  drawLine(place) {
    if (this.begun.tool === "box") {
      const [[x, y], [u, v]] = [this.begun.place, place];
      this.line = [[x, y], [u, y], [u, v], [x, v]];
    } else this.line.push(place);
    this.el.drawn.firstElementChild.setAttribute("d", `M${this.line.map((p) => p.join()).join("L")}Z`);
  }

  endLine(mode) {
    this.el.drawn.firstElementChild.setAttribute("d", "");
    this.map.selectInside(this.line, mode);
  }

  key(event) {
    const map = this.map;
    if (event.target !== map.root && event.composedPath()[0] !== map.root) return;
    const step = 60, moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key] && map.orbit) map.turn(...moves[event.key].map((value) => value / 2));
    else if (moves[event.key]) map.camera.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") map.zoom(1.4);
    else if (event.key === "-") map.zoom(1 / 1.4);
    else if (event.key === "0") map.home();
    else if (event.key === "Escape") map.step({ mode: "replace", rows: [] });
    else return;
    event.preventDefault();
    map.draw();
  }

  // --- the text under the pointer -----------------------------------------------------------------------------------
  hover(place) {
    const row = this.map.under(place);
    this.tipPlace = place;
    if (row === this.hovered) return row >= 0 && this.tipShown && this.moveTip();
    this.hideTip(); this.hovered = row;
    if (row < 0) return;
    if (this.map.texts) return this.showTip(this.map.texts[row]);
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.map.tell.setTriggerValue("hover", row), 80);
  }

  answer({ row, text }) { if (row === this.hovered) this.showTip(text); }

  showTip(text) { this.el.tip.textContent = text; this.el.tip.style.display = "block"; this.tipShown = true; this.moveTip(); }

  moveTip() {
    const [x, y] = this.tipPlace ?? [0, 0], { offsetWidth: width, offsetHeight: height } = this.el.tip, { camera } = this.map;
    this.el.tip.style.left = `${Math.max(4, Math.min(x + 14, camera.width - width - 4))}px`;
    this.el.tip.style.top = `${y + height + 20 > camera.height ? Math.max(4, y - height - 12) : y + 16}px`;
  }

  hideTip() { clearTimeout(this.asking); this.el.tip.style.display = "none"; this.tipShown = false; this.hovered = -1; }
}
