// How crowded each place is: every point adds a soft spot to a coarse picture, which is coloured by the logarithm of the sum.
const SPOT = `#version 300 es
in vec3 place; in float color; in float flags;
uniform vec2 middle; uniform vec2 scale; uniform vec4 across; uniform vec4 upward; uniform highp sampler2D palette;
void main() {
  vec4 point = vec4(place, 1.0);
  bool isHidden = texelFetch(palette, ivec2(int(color), 0), 0).a == 0.0 || flags > 3.5;
  gl_Position = isHidden ? vec4(9.0, 9.0, 9.0, 1.0) : vec4((vec2(dot(across, point), dot(upward, point)) - middle) * scale, 0.0, 1.0);
  gl_PointSize = 9.0;
}`;
const ADD = `#version 300 es
precision highp float;
out vec4 pixel;
void main() {
  float away = length(gl_PointCoord - 0.5) * 2.0;
  pixel = vec4(exp(-4.0 * away * away) * step(away, 1.0));
}`;
const WHOLE = `#version 300 es
in vec3 place; out vec2 at;
void main() { at = vec2(gl_VertexID & 1, gl_VertexID >> 1); gl_Position = vec4(at * 2.0 - 1.0, 0.0, 1.0); }`;
const TONE = `#version 300 es
precision highp float;
in vec2 at; out vec4 pixel;
uniform sampler2D sums; uniform float most; uniform vec3 scale[10];
void main() {
  float level = log(1.0 + texture(sums, at).r) / log(1.0 + most), step = level * 9.0;
  int below = int(clamp(floor(step), 0.0, 8.0));
  pixel = vec4(mix(scale[below], scale[below + 1], clamp(step - float(below), 0.0, 1.0)), 1.0) * smoothstep(0.0, 0.12, level);
}`;
const COARSER = 4;

class Density {
  constructor(gl) {
    this.gl = gl;
    // Without these a picture of sums cannot be drawn into, and points are drawn instead.
    this.isPossible = gl.getExtension("EXT_color_buffer_float") && gl.getExtension("EXT_float_blend") && gl.getExtension("OES_texture_float_linear");
    if (!this.isPossible) return;
    this.spots = linkProgram(gl, SPOT, ADD); this.tones = linkProgram(gl, WHOLE, TONE);
    this.texture = gl.createTexture(); this.frame = gl.createFramebuffer();
  }

  // Sums up the spots, and returns whether that was possible.
  draw(points, view) {
    if (!this.isPossible) return false;
    const gl = this.gl, [width, height] = [points.canvas.width, points.canvas.height].map((side) => Math.ceil(side / COARSER));
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    if (width !== this.width || height !== this.height) this.resize(width, height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT);
    gl.blendFunc(gl.ONE, gl.ONE); gl.disable(gl.DEPTH_TEST);
    gl.useProgram(this.spots.program);
    points.aim(this.spots.at, view);
    gl.bindTexture(gl.TEXTURE_2D, points.texture);
    points.drawElements(points.order, points.n);
    const sums = new Float32Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.FLOAT, sums);
    this.most = 1;
    for (let i = 0; i < sums.length; i += 4) if (sums[i] > this.most) this.most = sums[i];
    return true;
  }

  resize(width, height) {
    const gl = this.gl;
    Object.assign(this, { width, height });
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, width, height, 0, gl.RGBA, gl.FLOAT, null);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.LINEAR);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
  }

  // Colours the sums: a list of ten colours from least to most.
  show(colors) {
    const gl = this.gl;
    gl.clearColor(0, 0, 0, 0); gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.useProgram(this.tones.program);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.uniform1f(this.tones.at.most, this.most);
    gl.uniform3fv(this.tones.at["scale[0]"], colors.flatMap((color) => [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255)));
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  }
}
