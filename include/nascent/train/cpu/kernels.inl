// The arithmetic of ChainNetwork, compiled once for each instruction set: kernels.hpp includes this
// file inside a namespace of its own, with NASCENT_LANES floats to a vector. Images are
// channels-last. No function of the standard library is called here: it would not be compiled for
// the instruction set.
//
// Channels that do not fill a whole number of vectors: the last vector of a pixel starts early and
// overlaps the one before, which is harmless where values are stored and not added. With fewer
// channels than one vector, loads reach beyond the pixel (every buffer has kSlack floats more than
// it needs) and stores are cut short.

#define NASCENT_INLINE inline __attribute__((always_inline))

typedef float Vector __attribute__((vector_size(4 * NASCENT_LANES)));
typedef float Unaligned __attribute__((vector_size(4 * NASCENT_LANES), aligned(4), may_alias));
typedef double Doubles __attribute__((vector_size(8 * NASCENT_LANES)));
constexpr int kLanes = NASCENT_LANES;

NASCENT_INLINE Vector load(const float* from) { return *reinterpret_cast<const Unaligned*>(from); }

/// Out of line, lest every vector that is stored first goes through memory.
__attribute__((noinline)) inline void store_first(float* to, Vector values, int count) {
  for (int i = 0; i < count; ++i) to[i] = values[i];
}

NASCENT_INLINE void store(float* to, Vector values, int count) {
  if (count >= kLanes)
    *reinterpret_cast<Unaligned*>(to) = values;
  else
    store_first(to, values, count);
}

NASCENT_INLINE void clear(float* to, long count) {
  __builtin_memset(to, 0, static_cast<unsigned long>(count) * sizeof(float));
}

NASCENT_INLINE int lesser(int a, int b) { return a < b ? a : b; }

NASCENT_INLINE int vectors_of(int channels) { return (channels + kLanes - 1) / kLanes; }

/// First channel of vector `index`.
NASCENT_INLINE int first_channel(int index, int channels) {
  return channels <= kLanes ? 0 : lesser(index * kLanes, channels - kLanes);
}

/// `P` pixels by `Q` vectors of out = a * b; `a` in `runs` runs of consecutive numbers a pixel.
NASCENT_INLINE void product_block(const Rows& a, const float* from, const float* panel,
                                  const int* column, float* to, long to_pixel, int channels,
                                  const int P, const int Q) {
  Vector sum[4][2];
#pragma GCC unroll 4
  for (int p = 0; p < P; ++p)
#pragma GCC unroll 2
    for (int q = 0; q < Q; ++q) sum[p][q] = Vector{};
  for (int run = 0; run < a.runs; ++run) {
    const float* values = from + run * a.run_pitch;
    for (int k = 0; k < a.run_length; ++k, panel += Q * kLanes) {
#pragma GCC unroll 2
      for (int q = 0; q < Q; ++q) {
        const Vector weights = load(panel + q * kLanes);
#pragma GCC unroll 4
        for (int p = 0; p < P; ++p) sum[p][q] += values[p * a.pixel + k] * weights;
      }
    }
  }
#pragma GCC unroll 4
  for (int p = 0; p < P; ++p)
#pragma GCC unroll 2
    for (int q = 0; q < Q; ++q) store(to + p * to_pixel + column[q], sum[p][q], channels);
}

NASCENT_INLINE void product_panel(const Rows& a, const float* from, int width, const float* panel,
                                  const int* column, float* to, long to_pixel, int channels,
                                  const int Q) {
  if (width >= 4) {
    for (int x = 0; x < width; x += 4) {
      const int at = lesser(x, width - 4);
      product_block(a, from + at * a.pixel, panel, column, to + at * to_pixel, to_pixel, channels,
                    4, Q);
    }
  } else {
    for (int x = 0; x < width; ++x)
      product_block(a, from + x * a.pixel, panel, column, to + x * to_pixel, to_pixel, channels, 1,
                    Q);
  }
}

/// Rows of an image that one pass over the weights takes: as many as keep the weights' traffic and
/// the image's traffic within the caches.
NASCENT_INLINE int rows_at_once(int width, long weights) {
  constexpr int kPixels = 64;
  constexpr long kWeights = 1 << 14;
  if (weights > kWeights) return 1 << 30;
  return width >= kPixels ? 1 : kPixels / width;
}

/// out[pixel][channel] = sum_k a[pixel][k] b[k][channel] for `height` rows of `width` pixels.
NASCENT_INLINE void product(const Rows& a, const float* from, int height, int width,
                            const float* panels, float* to, long to_row, long to_pixel,
                            int channels) {
  const int vectors = vectors_of(channels), depth = a.runs * a.run_length;
  const int most = rows_at_once(width, 1L * depth * channels);
  for (int begin = 0; begin < height; begin += lesser(most, height - begin)) {
    const int end = begin + lesser(most, height - begin);
    for (int v = 0; v < vectors; v += 2) {
      const int column[2] = {first_channel(v, channels), first_channel(v + 1, channels)};
      const float* panel = panels + static_cast<long>(v) * depth * kLanes;
      for (int y = begin; y < end; ++y)
        if (v + 1 < vectors)
          product_panel(a, from + y * a.row, width, panel, column, to + y * to_row, to_pixel,
                        channels, 2);
        else
          product_panel(a, from + y * a.row, width, panel, column, to + y * to_row, to_pixel,
                        channels, 1);
    }
  }
}

/// Lays out b[k][channel], given by `b(k, channel)` = source[k's offset + channel * pitch], for
/// `product`.
inline void pack(const float* source, const long* offset, int depth, long pitch, int channels,
                 float* panels) {
  const int vectors = vectors_of(channels);
  for (int v = 0; v < vectors; v += 2) {
    const int pair = lesser(2, vectors - v);
    for (int k = 0; k < depth; ++k)
      for (int q = 0; q < pair; ++q) {
        const int first = first_channel(v + q, channels);
        for (int i = 0; i < kLanes; ++i)
          *panels++ = first + i < channels ? source[offset[k] + (first + i) * pitch] : 0.0F;
      }
  }
}

/// weights[n][run][k] += sum over pixels of d[pixel][n] a[pixel][run][k]; `height` rows of `width`
/// pixels.
NASCENT_INLINE void add_products(const float* d, long d_row, long d_pixel, int channels,
                                 const Rows& a, const float* from, int height, int width,
                                 float* weights) {
  const long run_pitch = padded_run(a.run_length), pitch = a.runs * run_pitch;
  for (int n = 0; n < channels; n += 4)
    for (int run = 0; run < a.runs; ++run)
      for (int k = 0; k < a.run_length; k += 2 * kLanes) {
        float* to = weights + n * pitch + run * run_pitch + k;
        Vector sum[4][2];  // apart from the total: a sum of few rounds less
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) sum[i][0] = sum[i][1] = Vector{};
        for (int y = 0; y < height; ++y) {
          const float* values = from + y * a.row + run * a.run_pitch + k;
          const float* factor = d + y * d_row + n;
          for (int x = 0; x < width; ++x, values += a.pixel, factor += d_pixel) {
            const Vector left = load(values), right = load(values + kLanes);
#pragma GCC unroll 4
            for (int i = 0; i < 4; ++i)
              sum[i][0] += factor[i] * left, sum[i][1] += factor[i] * right;
          }
        }
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {
          float* row = to + i * pitch;
          store(row, load(row) + sum[i][0], kLanes);
          store(row + kLanes, load(row + kLanes) + sum[i][1], kLanes);
        }
      }
}

/// The same in as many passes as suit the caches.
NASCENT_INLINE void add_image_products(const float* d, long d_row, long d_pixel, int channels,
                                       const Rows& a, const float* from, int height, int width,
                                       float* weights) {
  const int most = rows_at_once(width, 1L * a.runs * a.run_length * channels);
  for (int y = 0; y < height; y += lesser(most, height - y))
    add_products(d + y * d_row, d_row, d_pixel, channels, a, from + y * a.row,
                 lesser(most, height - y), width, weights);
}

/// `P` pixels of one vector of channels of a depthwise convolution.
NASCENT_INLINE void depthwise_block(const float* from, long row, long tap, long pixel,
                                    const float* weights, long weights_pitch, int kernel, float* to,
                                    long to_pixel, int channels, const int P) {
  Vector sum[8];
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) sum[p] = Vector{};
  for (int y = 0; y < kernel; ++y)
    for (int x = 0; x < kernel; ++x, weights += weights_pitch) {
      const Vector weight = load(weights);
      const float* values = from + y * row + x * tap;
#pragma GCC unroll 8
      for (int p = 0; p < P; ++p, values += pixel) sum[p] += load(values) * weight;
    }
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p, to += to_pixel) store(to, sum[p], channels);
}

/// Depthwise convolution of a padded image: out[height][width][channels].
NASCENT_INLINE void depthwise(const float* padded, int padded_width, int channels, int kernel,
                              int stride, const float* weights, float* out, int height, int width) {
  const long row = static_cast<long>(padded_width) * channels, pixel = 1L * stride * channels;
  for (int y = 0; y < height; ++y)
    for (int v = 0; v < vectors_of(channels); ++v) {
      const int c = first_channel(v, channels);
      const float* from = padded + y * stride * row + c;
      float* to = out + static_cast<long>(y) * width * channels + c;
      const int most = width >= 8 ? 8 : width >= 4 ? 4 : 1;
      for (int x = 0; x < width; x += most) {
        const int at = lesser(x, width - most);
        const float* values = from + at * pixel;
        float* target = to + static_cast<long>(at) * channels;
        if (most == 8)
          depthwise_block(values, row, channels, pixel, weights + c, padded_channels(channels),
                          kernel, target, channels, channels, 8);
        else if (most == 4)
          depthwise_block(values, row, channels, pixel, weights + c, padded_channels(channels),
                          kernel, target, channels, channels, 4);
        else
          depthwise_block(values, row, channels, pixel, weights + c, padded_channels(channels),
                          kernel, target, channels, channels, 1);
      }
    }
}

/// Sums of values[pixel] d[pixel] for `taps` consecutive columns, over the pixels of an image.
NASCENT_INLINE void depthwise_taps(const float* values, const float* d, long row, long pixel,
                                   int channels, int height, int width, float* to, long to_pitch,
                                   const int rows, const int columns, long tap_row) {
  Vector total[9] = {};
  for (int y = 0; y < height; ++y) {
    Vector sum[9];
#pragma GCC unroll 9
    for (int t = 0; t < rows * columns; ++t) sum[t] = Vector{};
    const float *factor = d + y * row, *value = values + y * row;
    for (int x = 0; x < width; ++x, factor += pixel, value += pixel) {
      const Vector at = load(factor);
#pragma GCC unroll 3
      for (int i = 0; i < rows; ++i)
#pragma GCC unroll 7
        for (int j = 0; j < columns; ++j)
          sum[i * columns + j] += load(value + i * tap_row + 1L * j * channels) * at;
    }
#pragma GCC unroll 9
    for (int t = 0; t < rows * columns; ++t) total[t] += sum[t];
  }
#pragma GCC unroll 9
  for (int t = 0; t < rows * columns; ++t) store(to + t * to_pitch, total[t], channels);
}

/// weights[tap][channel] += sum over the pixels of padded[pixel + tap] d[pixel]; `d` lies in an
/// image padded like the other, its pixels `stride` apart.
NASCENT_INLINE void add_depthwise_products(const float* padded, const float* d, int padded_width,
                                           int channels, int kernel, int stride, int height,
                                           int width, float* scratch, float* weights) {
  const long tap_row = static_cast<long>(padded_width) * channels,
             pitch = padded_channels(channels);
  const long row = stride * tap_row, pixel = 1L * stride * channels;
  const float* centre = d + kernel / 2 * (tap_row + channels);
  for (int v = 0; v < vectors_of(channels); ++v) {
    const int c = first_channel(v, channels);
    const float *values = padded + c, *factors = centre + c;
    if (kernel == 3) {
      depthwise_taps(values, factors, row, pixel, channels, height, width, scratch + c, pitch, 3, 3,
                     tap_row);
      continue;
    }
    for (int y = 0; y < kernel; ++y)
      for (int x = 0; x < kernel;) {
        const float* at = values + y * tap_row + 1L * x * channels;
        float* to = scratch + (y * kernel + x) * pitch + c;
        if (kernel - x >= 7) {
          depthwise_taps(at, factors, row, pixel, channels, height, width, to, pitch, 1, 7, 0);
          x += 7;
        } else if (kernel - x >= 5) {
          depthwise_taps(at, factors, row, pixel, channels, height, width, to, pitch, 1, 5, 0);
          x += 5;
        } else {
          depthwise_taps(at, factors, row, pixel, channels, height, width, to, pitch, 1, 1, 0);
          x += 1;
        }
      }
  }
  for (int tap = 0; tap < kernel * kernel; ++tap)
    for (int c = 0; c < channels; ++c) weights[tap * pitch + c] += scratch[tap * pitch + c];
}

/// What the convolution reads of an image: normalised and rectified as `in` says, in the middle of
/// a zero border.
NASCENT_INLINE void read_image(const Reading& in, const float* image, int height, int width,
                               int channels, int border, float* padded) {
  const long row = static_cast<long>(width) * channels, side = static_cast<long>(border) * channels;
  const long edge = border * (row + 2 * side) + side;  // above the first pixel, below the last
  clear(padded, edge);
  clear(padded + edge + height * (row + 2 * side) - 2 * side, edge);
  for (int y = 0; y < height; ++y) {
    const float* from = image + y * row;
    float* to = padded + edge + y * (row + 2 * side);
    if (y > 0) clear(to - 2 * side, 2 * side);
    if (!in.scale && !in.relu) {
      __builtin_memcpy(to, from, static_cast<unsigned long>(row) * sizeof(float));
      continue;
    }
    for (int v = 0; v < vectors_of(channels); ++v) {
      const int c = first_channel(v, channels);
      const Vector scale = in.scale ? load(in.scale + c) : Vector{} + 1.0F;
      const Vector shift = in.scale ? load(in.shift + c) : Vector{};
      for (long x = c; x < row; x += channels) {
        Vector value = load(from + x) * scale + shift;
        if (in.relu) value = value < 0.0F ? Vector{} : value;  // what is not a number stays so
        store(to + x, value, channels);
      }
    }
  }
}

/// Sums and sums of squares of each channel of an image are added to `sums`[2][channels].
NASCENT_INLINE void add_moments(const float* image, int height, int width, int channels,
                                double* sums) {
  const long row = static_cast<long>(width) * channels;
  for (int v = 0; v < vectors_of(channels); ++v) {
    const int c = first_channel(v, channels);
    Doubles sum{}, squares{};
    for (int y = 0; y < height; ++y) {
      Vector row_sum{}, row_squares{};
      const float* from = image + y * row;
      for (long x = c; x < row; x += channels) {
        const Vector value = load(from + x);
        row_sum += value;
        row_squares += value * value;
      }
      sum += __builtin_convertvector(row_sum, Doubles);
      squares += __builtin_convertvector(row_squares, Doubles);
    }
    for (int i = v * kLanes - c; i < kLanes && c + i < channels; ++i) {
      sums[c + i] += sum[i];
      sums[channels + c + i] += squares[i];
    }
  }
}

/// Gradient with respect to the convolution's output, from that with respect to the batch norm
/// behind it: d = a g + b z + c for each channel; pixels of `to` are `to_pixel` and rows `to_row`
/// apart.
NASCENT_INLINE void through_batch_norm(const float* const coefficient[3], const float* g,
                                       const float* z, int height, int width, int channels,
                                       float* to, long to_row, long to_pixel) {
  for (int y = 0; y < height; ++y) {
    const long at = static_cast<long>(y) * width * channels;
    for (int v = 0; v < vectors_of(channels); ++v) {
      const int c = first_channel(v, channels);
      float* target = to + y * to_row + c;
      if (!coefficient[0]) {
        for (int x = 0; x < width; ++x)
          store(target + x * to_pixel, load(g + at + 1L * x * channels + c), channels);
        continue;
      }
      const Vector a = load(coefficient[0] + c), b = load(coefficient[1] + c),
                   shift = load(coefficient[2] + c);
      for (int x = 0; x < width; ++x) {
        const long from = at + 1L * x * channels + c;
        store(target + x * to_pixel, a * load(g + from) + (b * load(z + from) + shift), channels);
      }
    }
  }
}

/// Gradient with respect to the batch norm's output (or the image itself): what passes the
/// rectifier. Adds to `sums`[2][channels] the sum of it and of it times (z - mean).
NASCENT_INLINE void through_reading(const Reading& in, const float* d, const float* padded,
                                    const float* z, int height, int width, int channels, int border,
                                    float* to, double* sums) {
  const long row = static_cast<long>(width) * channels;
  for (int v = 0; v < vectors_of(channels); ++v) {
    const int c = first_channel(v, channels);
    const Vector mean = in.scale ? load(in.mean + c) : Vector{};
    Doubles sum{}, products{};
    for (int y = 0; y < height; ++y) {
      const float* read =
          padded + (static_cast<long>(y + border) * (width + 2 * border) + border) * channels;
      Vector row_sum{}, row_products{};
      for (long x = c; x < row; x += channels) {
        Vector gradient = load(d + y * row + x);
        if (in.relu) gradient = load(read + x) > 0.0F ? gradient : Vector{};
        store(to + y * row + x, gradient, channels);
        row_sum += gradient;
        row_products += gradient * (load(z + y * row + x) - mean);
      }
      sum += __builtin_convertvector(row_sum, Doubles);
      products += __builtin_convertvector(row_products, Doubles);
    }
    for (int i = v * kLanes - c; i < kLanes && c + i < channels; ++i) {
      sums[c + i] += sum[i];
      sums[channels + c + i] += products[i];
    }
  }
}

/// Means of each channel of what `in` makes of an image.
inline void pool_image(const Reading& in, const float* image, int pixels, int channels,
                       float* means) {
  for (int v = 0; v < vectors_of(channels); ++v) {
    const int c = first_channel(v, channels);
    const Vector scale = in.scale ? load(in.scale + c) : Vector{} + 1.0F;
    const Vector shift = in.scale ? load(in.shift + c) : Vector{};
    Vector sum{};
    for (int x = 0; x < pixels; ++x) {
      Vector value = load(image + 1L * x * channels + c) * scale + shift;
      if (in.relu) value = value < 0.0F ? Vector{} : value;
      sum += value;
    }
    store(means + c, sum / static_cast<float>(pixels), channels);
  }
}

/// The gradient of `pool_image`, given that of the means; `to` and `sums` as in through_reading.
inline void pool_image_backward(const Reading& in, const float* image, int pixels, int channels,
                                const float* means_gradient, float* to, double* sums) {
  for (int v = 0; v < vectors_of(channels); ++v) {
    const int c = first_channel(v, channels);
    const Vector scale = in.scale ? load(in.scale + c) : Vector{} + 1.0F;
    const Vector shift = in.scale ? load(in.shift + c) : Vector{};
    const Vector mean = in.scale ? load(in.mean + c) : Vector{};
    const Vector share = load(means_gradient + c) / static_cast<float>(pixels);
    Vector sum{}, products{};
    for (int x = 0; x < pixels; ++x) {
      const Vector z = load(image + 1L * x * channels + c);
      Vector gradient = share;
      if (in.relu) gradient = z * scale + shift > 0.0F ? gradient : Vector{};
      store(to + 1L * x * channels + c, gradient, channels);
      sum += gradient;
      products += gradient * (z - mean);
    }
    for (int i = v * kLanes - c; i < kLanes && c + i < channels; ++i) {
      sums[c + i] += sum[i];
      sums[channels + c + i] += products[i];
    }
  }
}

/// One image through one convolution: reads `image`, writes `out`, both channels-last; adds the
/// output's moments.
inline void convolve_image(const ConvolutionShape& shape, const Reading& in, const Weights& weights,
                           const Scratch& scratch, const float* image, float* out,
                           double* moments) {
  const int border = shape.kernel / 2, padded_width = shape.width + 2 * border;
  const long padded_row = 1L * padded_width * shape.in, out_row = 1L * shape.out_width * shape.out;
  read_image(in, image, shape.height, shape.width, shape.in, border, scratch.padded);
  if (shape.separable) {
    depthwise(scratch.padded, padded_width, shape.in, shape.kernel, shape.stride, weights.depthwise,
              scratch.tile, shape.out_height, shape.out_width);
    const Rows rows{1, 0, shape.in, shape.in, 1L * shape.out_width * shape.in};
    product(rows, scratch.tile, shape.out_height, shape.out_width, weights.forward, out, out_row,
            shape.out, shape.out);
  } else {
    const Rows rows{shape.kernel, padded_row, shape.kernel * shape.in, 1L * shape.stride * shape.in,
                    shape.stride * padded_row};
    product(rows, scratch.padded, shape.out_height, shape.out_width, weights.forward, out, out_row,
            shape.out, shape.out);
  }
  if (moments) add_moments(out, shape.out_height, shape.out_width, shape.out, moments);
}

/// One image backwards through a separable convolution; `tile` becomes the gradient with respect to
/// what it read, if that is wanted.
NASCENT_INLINE void separable_backward(const ConvolutionShape& shape, const Weights& weights,
                                       const Scratch& scratch, const Backward& b, bool further) {
  const int border = shape.kernel / 2, padded_width = shape.width + 2 * border;
  const int in = shape.in, out = shape.out, height = shape.out_height, width = shape.out_width;
  const long row = 1L * padded_width * in, out_row = 1L * width * out;
  depthwise(scratch.padded, padded_width, in, shape.kernel, shape.stride, weights.depthwise,
            scratch.tile, height, width);
  through_batch_norm(b.coefficient, b.g, b.z, height, width, out, scratch.gradient, out_row, out);
  add_image_products(scratch.gradient, out_row, out, out, {1, 0, in, in, 1L * width * in},
                     scratch.tile, height, width, b.gradients);
  product({1, 0, out, out, out_row}, scratch.gradient, height, width, weights.backward,
          scratch.spread + border * (row + in), shape.stride * row, 1L * shape.stride * in, in);
  add_depthwise_products(scratch.padded, scratch.spread, padded_width, in, shape.kernel,
                         shape.stride, height, width, scratch.taps, b.depthwise_gradients);
  if (further)
    depthwise(scratch.spread, padded_width, in, shape.kernel, 1, weights.depthwise_flipped,
              scratch.tile, shape.height, shape.width);
}

/// The same for a plain convolution.
NASCENT_INLINE void plain_backward(const ConvolutionShape& shape, const Weights& weights,
                                   const Scratch& scratch, const Backward& b, bool further) {
  const int border = shape.kernel / 2, padded_width = shape.width + 2 * border;
  const int in = shape.in, out = shape.out;
  const long row = 1L * padded_width * in, spread_row = 1L * padded_width * out;
  float* centre = scratch.spread + border * (spread_row + out);
  through_batch_norm(b.coefficient, b.g, b.z, shape.out_height, shape.out_width, out, centre,
                     shape.stride * spread_row, 1L * shape.stride * out);
  add_image_products(
      centre, shape.stride * spread_row, 1L * shape.stride * out, out,
      {shape.kernel, row, shape.kernel * in, 1L * shape.stride * in, shape.stride * row},
      scratch.padded, shape.out_height, shape.out_width, b.gradients);
  if (further)
    product({shape.kernel, spread_row, shape.kernel * out, out, spread_row}, scratch.spread,
            shape.height, shape.width, weights.backward, scratch.tile, 1L * shape.width * in, in,
            in);
}

/// One image backwards through one convolution.
inline void convolve_image_backward(const ConvolutionShape& shape, const Reading& in,
                                    const Weights& weights, const Scratch& scratch,
                                    const float* image, const Backward& b) {
  const int border = shape.kernel / 2;
  read_image(in, image, shape.height, shape.width, shape.in, border, scratch.padded);
  if (shape.separable)
    separable_backward(shape, weights, scratch, b, b.to != nullptr);
  else
    plain_backward(shape, weights, scratch, b, b.to != nullptr);
  if (b.to)
    through_reading(in, scratch.tile, scratch.padded, image, shape.height, shape.width, shape.in,
                    border, b.to, b.sums);
}

#undef NASCENT_INLINE
