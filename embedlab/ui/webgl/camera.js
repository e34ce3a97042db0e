// Where one looks: the middle of the view and how many pixels a unit takes. Axes are scaled alike.
class Camera {
  constructor() {
    this.x = 0; this.y = 0; this.scale = 1; this.width = 1; this.height = 1; this.home = { x: 0, y: 0, scale: 1 };
  }

  resize(width, height) { this.width = width; this.height = height; }

  get isHome() { return this.x === this.home.x && this.y === this.home.y && this.scale === this.home.scale; }

  // Shows a box of the map whole, with a margin, beside what lies over its right side and its top.
  fit([left, bottom, right, top], covered) {
    const width = this.width - covered.right, height = this.height - covered.top;
    this.scale = 0.94 * Math.min(width / Math.max(right - left, 1e-9), height / Math.max(top - bottom, 1e-9));
    this.x = (left + right) / 2 + covered.right / 2 / this.scale; this.y = (bottom + top) / 2 + covered.top / 2 / this.scale;
    this.home = { x: this.x, y: this.y, scale: this.scale };
    this.fitted = true;
  }

  reset() { Object.assign(this, this.home); }

  pan(dx, dy) { this.x -= dx / this.scale; this.y += dy / this.scale; }

  // The place under the pointer stays under it.
  zoom(factor, px, py) {
    const [x, y] = this.toMap(px, py);
    const least = this.home.scale / 4, most = this.home.scale * 20000;
    this.scale = Math.min(most, Math.max(least, this.scale * factor));
    const [nx, ny] = this.toMap(px, py);
    this.x += x - nx; this.y += y - ny;
  }

  toMap(px, py) {
    return [this.x + (px - this.width / 2) / this.scale, this.y - (py - this.height / 2) / this.scale];
  }

  toScreen(x, y) {
    return [(x - this.x) * this.scale + this.width / 2, this.height / 2 - (y - this.y) * this.scale];
  }

  get zoomed() { return this.scale / this.home.scale; }
}

// How a map in space is turned. `axes` are the rows of the screen's x, y and depth: three weights and an offset each,
// rounded, so that the server, which is told of them, sees exactly what the browser saw.
class Orbit {
  constructor(center) { this.center = center; this.reset(); }

  reset() { this.yaw = 0.6; this.pitch = 0.35; this.aim(); }

  turn(dx, dy) {
    this.yaw += dx / 180; this.pitch = Math.max(-1.57, Math.min(1.57, this.pitch + dy / 180));
    this.aim();
  }

  aim() {
    const [a, b] = [Math.cos(this.yaw), Math.sin(this.yaw)], [c, d] = [Math.cos(this.pitch), Math.sin(this.pitch)];
    this.axes = [[a, 0, b], [b * d, c, -a * d], [-b * c, d, a * c]].map((row) => {
      const offset = -row.reduce((sum, weight, i) => sum + weight * this.center[i], 0);
      return [...row, offset].map((value) => Number(value.toPrecision(7)));
    });
  }
}

// Places on the screen's plane, two numbers a point; those of a flat map are what they are.
function flatten(places, axes) {
  if (!axes) return places;
  const [[a, b, c, d], [e, f, g, h]] = axes, flat = new Float32Array((places.length / 3) * 2);
  for (let i = 0, j = 0; i < places.length; i += 3) {
    const x = places[i], y = places[i + 1], z = places[i + 2];
    flat[j++] = a * x + b * y + c * z + d; flat[j++] = e * x + f * y + g * z + h;
  }
  return flat;
}
