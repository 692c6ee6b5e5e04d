// Part of kernels.inl: batch norm, rectifier, pooling and whole convolutions.

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
