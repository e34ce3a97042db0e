// What is known of a point beside its place and colour, a bit each.
const SELECTED = 1, MARKED = 2, FILTERED = 4;

// Which point lies under the pointer, and which lie inside of a line that was drawn.
class Grid {
  constructor(places) {
    let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < places.length; i += 2) {
      const x = places[i], y = places[i + 1];
      if (x < left) left = x; if (x > right) right = x; if (y < bottom) bottom = y; if (y > top) top = y;
    }
    this.places = places; this.left = left; this.bottom = bottom;
    const n = places.length / 2;
    this.side = Math.max(1, Math.min(1024, Math.round(Math.sqrt(n / 2))));
    this.cell = Math.max(right - left, top - bottom, 1e-9) / this.side;
    // Rows of a cell stand together: counted first, then dealt out.
    this.starts = new Uint32Array(this.side * this.side + 1);
    const cellOf = new Uint32Array(n);
    for (let i = 0; i < n; i++) {
      cellOf[i] = this.cellAt(places[2 * i], places[2 * i + 1]);
      this.starts[cellOf[i] + 1]++;
    }
    for (let c = 0; c < this.side * this.side; c++) this.starts[c + 1] += this.starts[c];
    const next = this.starts.slice();
    this.rows = new Uint32Array(n);
    for (let i = 0; i < n; i++) this.rows[next[cellOf[i]]++] = i;
  }

  column(x) { return Math.max(0, Math.min(this.side - 1, Math.floor((x - this.left) / this.cell))); }
  line(y) { return Math.max(0, Math.min(this.side - 1, Math.floor((y - this.bottom) / this.cell))); }
  cellAt(x, y) { return this.line(y) * this.side + this.column(x); }

  // The nearest point within a radius that `isShown` lets pass, or -1.
  nearest(x, y, radius, isShown) {
    let best = -1, least = radius * radius;
    for (let line = this.line(y - radius); line <= this.line(y + radius); line++) {
      for (let column = this.column(x - radius); column <= this.column(x + radius); column++) {
        const cell = line * this.side + column;
        for (let k = this.starts[cell]; k < this.starts[cell + 1]; k++) {
          const i = this.rows[k], dx = this.places[2 * i] - x, dy = this.places[2 * i + 1] - y, away = dx * dx + dy * dy;
          if (away <= least && isShown(i)) { least = away; best = i; }
        }
      }
    }
    return best;
  }
}

// Even-odd rule, as `embedlab.ui.webgl.polygons` has it.
function isInside(polygon, x, y) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i], [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

// Applies one step of a selection: a line or some rows, which replace, add or take away. What was hidden stays out.
function applyStep(flags, flat, colors, step, rows) {
  const polygon = step.polygon ?? [], hidden = new Set(step.hidden ?? []);
  let left = Infinity, right = -Infinity, low = Infinity, high = -Infinity;
  for (const [x, y] of polygon) {
    left = Math.min(left, x); right = Math.max(right, x); low = Math.min(low, y); high = Math.max(high, y);
  }
  if (step.mode === "replace") for (let i = 0; i < flags.length; i++) flags[i] &= ~SELECTED;
  const change = step.mode === "subtract" ? (i) => { flags[i] &= ~SELECTED; } : (i) => { flags[i] |= SELECTED; };
  if (polygon.length) {
    for (let i = 0; i < flags.length; i++) {
      const x = flat[2 * i], y = flat[2 * i + 1];
      if (x >= left && x <= right && y >= low && y <= high && !(flags[i] & FILTERED) && isInside(polygon, x, y)
        && !hidden.has(colors[i])) change(i);
    }
  } else forEachRow(rows, change);
}

// Rows come as a list or, if many, as a bit for each point.
function forEachRow({ rows, bits }, act) {
  if (rows) for (const row of rows) act(row);
  else for (let byte = 0; byte < bits.length; byte++) {
    for (let bit = 0; bits[byte] >> bit; bit++) if ((bits[byte] >> bit) & 1) act(8 * byte + bit);
  }
}

// Leaves out vertices until few enough are left for a small message, and rounds to what can be seen.
function simplified(polygon, most, digits) {
  const step = Math.max(1, Math.ceil(polygon.length / most));
  return polygon.filter((_, i) => i % step === 0).map((place) => place.map((value) => Number(value.toPrecision(digits))));
}
