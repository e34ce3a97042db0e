// The points on the graphics card. Positions and colours are sent there once; what is selected or marked is a byte each.
const VERTEX = `#version 300 es
in vec2 place; in float color; in float flags;
uniform vec2 middle; uniform vec2 scale; uniform float size; uniform float dimmed; uniform highp sampler2D palette;
out vec4 shade;
void main() {
  float isSelected = mod(flags, 2.0), isMarked = mod(floor(flags / 2.0), 2.0);
  shade = texelFetch(palette, ivec2(int(color), 0), 0);
  bool isHidden = shade.a == 0.0;
  if (isMarked > 0.5) shade = texelFetch(palette, ivec2(255, 0), 0);
  if (dimmed > 0.5 && isSelected < 0.5 && isMarked < 0.5) shade.a *= 0.16;
  gl_Position = isHidden ? vec4(9.0, 9.0, 9.0, 1.0) : vec4((place - middle) * scale, 0.0, 1.0);
  gl_PointSize = size * (isMarked > 0.5 ? 1.7 : isSelected > 0.5 && dimmed > 0.5 ? 1.15 : 1.0);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
in vec4 shade; out vec4 pixel;
uniform float size;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  float alpha = shade.a * (1.0 - smoothstep(1.0 - 2.5 / max(size, 2.6), 1.0, away));
  if (alpha < 0.01) discard;
  pixel = vec4(shade.rgb * alpha, alpha);
}`;

class Points {
  constructor(canvas) {
    this.canvas = canvas;
    this.gl = canvas.getContext("webgl2", { antialias: false, premultipliedAlpha: true, preserveDrawingBuffer: false });
    if (this.gl) this.build();
  }

  build() {
    const gl = this.gl, program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source); gl.compileShader(shader); gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    this.program = program; this.at = {};
    for (const name of ["middle", "scale", "size", "dimmed", "palette"]) {
      this.at[name] = gl.getUniformLocation(program, name);
    }
    this.buffers = {};
    for (const [name, width, type] of [["place", 2, gl.FLOAT], ["color", 1, gl.UNSIGNED_BYTE], ["flags", 1, gl.UNSIGNED_BYTE]]) {
      const location = gl.getAttribLocation(program, name), buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, width, type, false, 0, 0);
      this.buffers[name] = buffer;
    }
    this.order = gl.createBuffer(); this.onTop = gl.createBuffer(); this.texture = gl.createTexture();
    gl.enable(gl.BLEND); gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  fill(name, array) {
    this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffers[name]);
    this.gl.bufferData(this.gl.ARRAY_BUFFER, array, this.gl.DYNAMIC_DRAW);
  }

  // In a shuffled order, so that no group lies above all others only because it comes last.
  setPlaces(places) {
    this.n = places.length / 2;
    this.fill("place", places);
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

  // Marked points are drawn once more, above the others.
  setFlags(flags) {
    this.fill("flags", flags);
    const marked = [];
    let nSelected = 0;
    for (let i = 0; i < flags.length; i++) {
      if (flags[i] & 2) marked.push(i);
      nSelected += flags[i] & 1;
    }
    this.nOnTop = marked.length; this.nSelected = nSelected;
    this.gl.bindBuffer(this.gl.ELEMENT_ARRAY_BUFFER, this.onTop);
    this.gl.bufferData(this.gl.ELEMENT_ARRAY_BUFFER, new Uint32Array(marked), this.gl.STATIC_DRAW);
  }

  draw(camera, ratio, size) {
    const gl = this.gl;
    if (!this.n || gl.isContextLost()) return;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT);
    gl.useProgram(this.program);
    gl.uniform2f(this.at.middle, camera.x, camera.y);
    gl.uniform2f(this.at.scale, (2 * camera.scale) / camera.width, (2 * camera.scale) / camera.height);
    gl.uniform1f(this.at.size, size * ratio);
    gl.uniform1f(this.at.dimmed, this.nSelected || this.nOnTop ? 1 : 0);
    gl.uniform1i(this.at.palette, 0);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.order);
    gl.drawElements(gl.POINTS, this.n, gl.UNSIGNED_INT, 0);
    if (this.nOnTop) {
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.onTop);
      gl.drawElements(gl.POINTS, this.nOnTop, gl.UNSIGNED_INT, 0);
    }
  }
}
