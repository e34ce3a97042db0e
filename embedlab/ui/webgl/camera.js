// Where one looks: the middle of the view and how many pixels a unit takes. Axes are scaled alike.
class Camera {
  constructor() {
    this.x = 0; this.y = 0; this.scale = 1; this.width = 1; this.height = 1; this.home = { x: 0, y: 0, scale: 1 };
  }

  resize(width, height) { this.width = width; this.height = height; }

  get isHome() { return this.x === this.home.x && this.y === this.home.y && this.scale === this.home.scale; }

  // Shows a box of the map whole, with a margin.
  fit([left, bottom, right, top]) {
    this.x = (left + right) / 2; this.y = (bottom + top) / 2;
    const wide = this.width / Math.max(right - left, 1e-9), high = this.height / Math.max(top - bottom, 1e-9);
    this.scale = 0.92 * Math.min(wide, high);
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
