// What is written on the map: the names of groups, and what the colours mean.
class Names {
  constructor(element) { this.element = element; this.names = []; this.sizes = []; }

  set(names) {
    this.names = names;
    this.element.replaceChildren(...names.map(({ text }) => {
      const element = document.createElement("span");
      element.textContent = text;
      return element;
    }));
    this.sizes = [...this.element.children].map((element) => [element.offsetWidth, element.offsetHeight]);
  }

  // Names come with the largest group first; one that would lie on another waits until one has zoomed in.
  place(camera, axes, covered) {
    const taken = [];
    [...this.element.children].forEach((element, i) => {
      const [x, y] = flatten(this.names[i].at, axes), [cx, py] = camera.toScreen(x, y);
      const [width, height] = this.sizes[i].map((size) => size / 2 + 3);
      // One at the edge is moved in, so that it can be read.
      const px = cx < 0 || cx > camera.width ? cx : Math.max(width, Math.min(cx, camera.width - covered.right - width));
      const box = [px - width, py - height, px + width, py + height];
      const fits = px > 0 && py > 0 && px < camera.width && py < camera.height && !taken.some(
        (other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]);
      element.style.visibility = fits ? "visible" : "hidden";
      if (fits) { taken.push(box); element.style.left = `${px}px`; element.style.top = `${py}px`; }
    });
  }

  paint(brush, ratio) {
    for (const element of this.element.children) {
      if (element.style.visibility === "hidden") continue;
      brush.fillText(element.textContent, parseFloat(element.style.left) * ratio, parseFloat(element.style.top) * ratio);
    }
  }
}

class Legend {
  // `changed` is called when the person hides or shows a category; `hidden` are the numbers of their colours.
  constructor(element, changed) { this.element = element; this.changed = changed; this.hidden = new Set(); }

  set({ title, names, ends, palette }) {
    this.hidden.clear();
    const parts = title ? [this.part("div", title, "title")] : [];
    names.forEach((name, i) => parts.push(this.switch(name, i, palette[i])));
    if (ends) parts.push(...this.ramp(ends, palette));
    this.element.replaceChildren(...parts);
  }

  part(kind, text, className) {
    const element = document.createElement(kind);
    element.textContent = text; element.className = className;
    return element;
  }

  switch(name, i, color) {
    const button = this.part("button", name, ""), dot = document.createElement("i");
    dot.style.background = color;
    button.prepend(dot); button.type = "button"; button.title = `${name}: show or hide`;
    button.setAttribute("aria-pressed", "true");
    button.onclick = () => {
      this.hidden.has(i) ? this.hidden.delete(i) : this.hidden.add(i);
      button.setAttribute("aria-pressed", String(!this.hidden.has(i)));
      this.changed();
    };
    return button;
  }

  ramp(ends, palette) {
    const ramp = this.part("div", "", "ramp"), line = this.part("div", "", "ends");
    ramp.style.background = `linear-gradient(to right, ${palette.slice(0, 254).filter((_, i) => i % 16 === 0).join()})`;
    line.append(...ends.map((end) => this.part("span", end, "")));
    return [ramp, line];
  }
}
