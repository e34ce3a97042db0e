"use strict";
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const points = new Uint16Array(bytes(data.points)), colors = new Uint8Array(bytes(data.colors));
  const clusters = new Uint16Array(bytes(data.clusters)), n = colors.length;
  const textOf = new Map(Array.from(new Uint32Array(bytes(data.told)), (row, at) => [row, data.texts[at]]));
  const canvas = document.querySelector("canvas"), pen = canvas.getContext("2d"), tip = document.querySelector(".tip");
  const shown = data.legend.map(() => true), GRID = 65535, CELLS = 128;
  const radius = Math.min(4.5, Math.max(1.2, 7 - 1.1 * Math.log10(n)));
  const [wide, high] = data.size;
  let zoom = 1, middle = [wide / 2, high / 2], pointed = -1, waiting = false;

  // Points by the cell of a coarse grid, so that the one under the pointer is found without looking at all.
  const cells = new Map();
  const cellOf = (x, y) => Math.floor((y * CELLS) / (GRID + 1)) * CELLS + Math.floor((x * CELLS) / (GRID + 1));
  for (let i = 0; i < n; i++) {
    const cell = cellOf(points[2 * i], points[2 * i + 1]);
    if (cells.has(cell)) cells.get(cell).push(i);
    else cells.set(cell, [i]);
  }

  const scale = () => (zoom * 0.9 * Math.min(canvas.clientWidth / (wide || 1), canvas.clientHeight / (high || 1))) || 1;
  const toScreen = (x, y, s) => [canvas.clientWidth / 2 + (x - middle[0]) * s, canvas.clientHeight / 2 - (y - middle[1]) * s];
  const toMap = (x, y, s) => [middle[0] + (x - canvas.clientWidth / 2) / s, middle[1] - (y - canvas.clientHeight / 2) / s];

  function draw() {
    waiting = false;
    const ratio = window.devicePixelRatio || 1, s = scale(), size = radius * Math.min(2.5, zoom ** 0.3);
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    pen.scale(ratio, ratio);
    pen.globalAlpha = 0.8;
    for (let color = 0; color < shown.length; color++) {
      if (!shown[color]) continue;
      pen.fillStyle = data.legend[color][1];
      pen.beginPath();
      for (let i = 0; i < n; i++) {
        if (colors[i] !== color) continue;
        const [x, y] = toScreen(points[2 * i], points[2 * i + 1], s);
        if (x < -9 || y < -9 || x > canvas.clientWidth + 9 || y > canvas.clientHeight + 9) continue;
        if (n > 20000) pen.rect(x - size, y - size, 2 * size, 2 * size);
        else (pen.moveTo(x + size, y), pen.arc(x, y, size, 0, 7));
      }
      pen.fill();
    }
    pen.globalAlpha = 1;
    const style = getComputedStyle(document.body);
    if (pointed >= 0) {
      const [x, y] = toScreen(points[2 * pointed], points[2 * pointed + 1], s);
      pen.beginPath();
      pen.arc(x, y, size + 3, 0, 7);
      pen.lineWidth = 2;
      pen.strokeStyle = style.color;
      pen.stroke();
    }
    writeNames(style, s);
    canvas.dataset.view = `${middle.map(Math.round).join(" ")} ${zoom.toFixed(3)}`;
  }

  // The names of the largest clusters go first; one that would lie on another waits until there is room.
  function writeNames(style, s) {
    const taken = [];
    pen.font = `600 12px ${style.fontFamily}`;
    pen.textAlign = "center";
    pen.lineJoin = "round";
    const bySize = data.middles.map((_, at) => at).sort((a, b) => data.middles[b][2] - data.middles[a][2]);
    for (const at of bySize) {
      const [x, y, size] = data.middles[at], [left, top] = toScreen(x, y, s);
      const isShown = shown[data.legend.findIndex(([name]) => name === data.names[at])] ?? shown[shown.length - 1];
      const name = data.names[at].length > 40 ? `${data.names[at].slice(0, 39)}…` : data.names[at];
      const half = pen.measureText(name).width / 2 + 4;
      if (!size || !isShown || taken.some(([a, b, c]) => Math.abs(a - left) < c + half && Math.abs(b - top) < 16)) continue;
      taken.push([left, top, half]);
      pen.lineWidth = 4;
      pen.strokeStyle = style.backgroundColor;
      pen.strokeText(name, left, top);
      pen.fillStyle = style.color;
      pen.fillText(name, left, top);
    }
  }

  function redraw() {
    if (!waiting) requestAnimationFrame(draw);
    waiting = true;
  }

  function nearest(x, y) {
    const s = scale(), [mapX, mapY] = toMap(x, y, s), reach = (radius + 8) / s;
    let best = -1, least = reach * reach;
    const inCells = (at) => Math.min(CELLS - 1, Math.max(0, Math.floor((at * CELLS) / (GRID + 1))));
    const [from, to, left, right] = [mapY - reach, mapY + reach, mapX - reach, mapX + reach].map(inCells);
    for (let row = from; row <= to; row++) {
      for (let column = left; column <= right; column++) {
        for (const i of cells.get(row * CELLS + column) || []) {
          const away = (points[2 * i] - mapX) ** 2 + (points[2 * i + 1] - mapY) ** 2;
          if (away < least && shown[colors[i]]) [best, least] = [i, away];
        }
      }
    }
    return best;
  }

  function point(event) {
    const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top, found = nearest(x, y);
    if (found !== pointed) redraw();
    pointed = found;
    tip.hidden = found < 0;
    if (found < 0) return;
    const name = document.createElement("b");
    name.textContent = data.names[clusters[found]];
    tip.replaceChildren(name, textOf.get(found) ?? "The words of this text are not in this file.");
    tip.style.left = `${Math.max(4, Math.min(x + 14, canvas.clientWidth - tip.offsetWidth - 4))}px`;
    tip.style.top = `${Math.max(4, Math.min(y + 14, canvas.clientHeight - tip.offsetHeight - 4))}px`;
  }

  function zoomAt(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
    const [mapX, mapY] = toMap(x, y, scale());
    zoom = Math.min(200, Math.max(0.5, zoom * factor));
    const [nowX, nowY] = toMap(x, y, scale());
    middle = [middle[0] + mapX - nowX, middle[1] + mapY - nowY];
    redraw();
  }

  const held = new Map();
  const spread = () => { const [a, b] = [...held.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]) || 1; };
  canvas.addEventListener("pointerdown", (event) => (canvas.setPointerCapture(event.pointerId), held.set(event.pointerId, [event.clientX, event.clientY])));
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => held.delete(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!held.has(event.pointerId)) return point(event);
    const [x, y] = held.get(event.pointerId), before = held.size === 2 ? spread() : 0, s = scale() * held.size;
    held.set(event.pointerId, [event.clientX, event.clientY]);
    middle = [middle[0] - (event.clientX - x) / s, middle[1] + (event.clientY - y) / s];
    if (before) zoomAt(spread() / before);
    redraw();
  });
  canvas.addEventListener("pointerleave", () => { pointed = -1; tip.hidden = true; redraw(); });
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const box = canvas.getBoundingClientRect();
    zoomAt(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = 40 / scale(), moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (event.key in moves) middle = middle.map((at, axis) => at + moves[event.key][axis]);
    else if (event.key === "+" || event.key === "-") zoomAt(event.key === "+" ? 1.4 : 1 / 1.4);
    else if (event.key === "0") [zoom, middle] = [1, [wide / 2, high / 2]];
    else return;
    event.preventDefault();
    redraw();
  });

  data.legend.forEach(([name, color], at) => {
    const button = document.createElement("button"), dot = document.createElement("i");
    dot.style.background = color;
    button.append(dot, name);
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => { button.setAttribute("aria-pressed", String(shown[at] = !shown[at])); redraw(); });
    document.querySelector(".legend").append(button);
  });
  new ResizeObserver(redraw).observe(canvas);
  for (const query of ["(prefers-color-scheme: dark)", "print"]) matchMedia(query).addEventListener("change", draw);
}
