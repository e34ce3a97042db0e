// The points on the graphics card. Places and colours are sent there once; what is selected or marked is a byte each.
const VERTEX = `#version 300 es
in vec3 place; in float color; in float flags;
uniform vec2 middle; uniform vec2 scale; uniform float size; uniform float dimmed; uniform float most;
uniform vec4 across; uniform vec4 upward; uniform vec4 near; uniform highp sampler2D palette;
out vec4 shade; out float diameter;
void main() {
  bool isSelected = mod(flags, 2.0) > 0.5, isMarked = mod(floor(flags / 2.0), 2.0) > 0.5;
  shade = texelFetch(palette, ivec2(int(color), 0), 0);
  bool isHidden = shade.a == 0.0 || flags > 3.5;
  if (isMarked) shade = texelFetch(palette, ivec2(255, 0), 0);
  if (dimmed > 0.5 && !isSelected && !isMarked) shade.a *= 0.16;
  vec4 point = vec4(place, 1.0);
  float depth = clamp(dot(near, point) / most, -1.0, 1.0);
  vec2 at = (vec2(dot(across, point), dot(upward, point)) - middle) * scale;
  gl_Position = isHidden ? vec4(9.0, 9.0, 9.0, 1.0) : vec4(at, -depth * 0.9, 1.0);
  diameter = size * (1.0 + 0.35 * depth) * (isMarked ? 1.7 : isSelected && dimmed > 0.5 ? 1.15 : 1.0);
  gl_PointSize = diameter;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 shade; in float diameter; out vec4 pixel;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float alpha = shade.a * (1.0 - smoothstep(1.0 - 2.5 / max(diameter, 2.6), 1.0, away));
  if (alpha < 0.01) discard;
  pixel = vec4(shade.rgb * alpha, alpha);
}`;
const FLAT = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]];

function linkProgram(gl, vertex, fragment) {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, source); gl.compileShader(shader); gl.attachShader(program, shader);
  }
  ["place", "color", "flags"].forEach((name, i) => gl.bindAttribLocation(program, i, name));
  gl.linkProgram(program);
  const count = gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS), at = {};
  for (let i = 0; i < count; i++) { const { name } = gl.getActiveUniform(program, i); at[name] = gl.getUniformLocation(program, name); }
  return { program, at };
}

class Points {
  constructor(canvas) {
    this.canvas = canvas;
    this.gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true, preserveDrawingBuffer: false });
    if (this.gl) this.build();
  }

  build() {
    const gl = this.gl;
    Object.assign(this, linkProgram(gl, VERTEX, FRAGMENT));
    this.buffers = {};
    ["place", "color", "flags"].forEach((name, location) => {
      this.buffers[name] = gl.createBuffer();
      gl.enableVertexAttribArray(location);
      if (name !== "place") this.describe(name, location, 1, gl.UNSIGNED_BYTE);
    });
    this.order = gl.createBuffer(); this.onTop = gl.createBuffer(); this.texture = gl.createTexture();
    this.density = new Density(gl);
    gl.enable(gl.BLEND);
  }

  describe(name, location, width, type) {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.vertexAttribPointer(location, width, type, false, 0, 0);
  }

  fill(name, array) {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, array, this.gl.DYNAMIC_DRAW);
  }

  // In a shuffled order, so that no group lies above all others only because it comes last.
  setPlaces(places, width) {
    this.n = places.length / width; this.isFlat = width === 2;
    this.fill("place", places);
    this.describe("place", 0, width, this.gl.FLOAT);
    const order = new Uint32Array(this.n);
    let seed = 1;
    for (let i = 0; i < this.n; i++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const j = seed % (i + 1);
      order[i] = order[j]; order[j] = i;
    }
    this.gl.bindBuffer(this.gl.ELEMENT_ARRAY_BUFFER, this.order);
    this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, order, this.gl.STATIC_DRAW);
  }

  setColors(colors) { this.fill("color", colors); }

  setPalette(rgba) {
    const gl = this.gl;
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
  }

  // Marked and selected points are drawn once more, above the others.
  setFlags(flags) {
    this.fill("flags", flags);
    const selected = [], marked = [];
    for (let i = 0; i < flags.length; i++) {
      if (flags[i] & MARKED) marked.push(i);
      else if (flags[i] & SELECTED) selected.push(i);
    }
    this.nOnTop = marked.length + selected.length;
    this.nSelected = flags.reduce((sum, flag) => sum + (flag & SELECTED), 0);
    this.gl.bindBuffer(this.gl.ELEMENT_ARRAY_BUFFER, this.onTop);
    this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, new Uint32Array([...selected, ...marked]), this.gl.STATIC_DRAW);
  }

  // `axes` turn a map in space, `radius` is its size; `asDensity` is the colours of a scale, or nothing.
  draw(camera, { ratio, size, axes, radius, asDensity }) {
    const gl = this.gl, at = this.at;
    if (!this.n || gl.isContextLost()) return;
    const view = { axes: axes ?? FLAT, middle: [camera.x, camera.y], scale: [(2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height] };
    const isShaded = asDensity && this.density.draw(this, view, asDensity);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    if (isShaded) this.density.show(asDensity);
    else { gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT); }
    this.isFlat || isShaded ? gl.disable(gl.DEPTH_TEST) : gl.enable(gl.DEPTH_TEST);
    gl.useProgram(this.program);
    this.aim(at, view);
    gl.uniform1f(at.most, radius || 1);
    gl.uniform1f(at.size, size * ratio);
    gl.uniform1f(at.dimmed, this.nOnTop && !isShaded ? 1 : 0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (!isShaded) this.drawElements(this.order, this.n);
    gl.disable(gl.DEPTH_TEST);
    gl.uniform1f(at.dimmed, this.nOnTop ? 1 : 0);
    this.drawElements(this.onTop, this.nOnTop);
  }

  aim(at, { axes, middle, scale }) {
    const gl = this.gl;
    gl.uniform2fv(at.middle, middle); gl.uniform2fv(at.scale, scale);
    gl.uniform4fv(at.across, axes[0]); gl.uniform4fv(at.upward, axes[1]);
    if (at.near) gl.uniform4fv(at.near, axes[2]);
    gl.uniform1i(at.palette, 0);
  }

  drawElements(order, n) {
    if (!n) return;
    this.gl.bindBuffer(this.gl.ELEMENT_ARRAY_BUFFER, order);
    this.gl.drawElements(this.gl.POINTS, n, this.gl.UNSIGNED_INT, 0);
  }
}
