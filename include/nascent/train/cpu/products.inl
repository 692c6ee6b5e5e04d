// Part of kernels.inl: vectors and matrix products.

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
