// Part of kernels.inl: depthwise convolutions, there and back.

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
