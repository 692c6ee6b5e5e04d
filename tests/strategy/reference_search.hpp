// Algorithm 1 and TRG-NAS as plain loops, written from the paper's rules and without any part of
// Nascent: what GreedyMacroMicro is compared with.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace reference {

struct Net {
  int width = 0;
  std::string ops, kernels;

  int depth() const { return static_cast<int>(ops.size()); }
  std::string text() const {
    return "d" + std::to_string(depth()) + " w" + std::to_string(width) + " ops=" + ops +
           " kernels=" + kernels;
  }

  /// For `inputs` image channels and `classes`.
  std::int64_t parameters(int inputs, int classes) const {
    std::int64_t in = 2 * width, sum = in * inputs * 9 + 2 * in, out = width;
    for (int i = 0; i < depth(); ++i) {
      const auto n = static_cast<std::size_t>(i);
      if (i == depth() / 3 || i == 2 * depth() / 3) out *= 2;
      const std::int64_t k = (kernels[n] - '0') * (kernels[n] - '0');
      sum += (ops[n] == 's' ? in * k + in * out : in * out * k) + 2 * out;
      in = out;
    }
    return sum + (in + 1) * classes;
  }
};

/// Right answers of 10,000, here and on the training images; a failure is worse than all.
struct Score {
  bool ok = true;
  int right = 0, trained = 0;
};

struct Bounds {
  int depth_min, depth_max, width_min, width_max, width_step;
  std::string ops = "sc", kernels = "35";
  int inputs = 3, classes = 10;
};

/// Trains `net` for a number of epochs in a stage.
using Trainer = std::function<Score(const std::string& stage, const Net& net, int epochs)>;

// a >= b + images, where failures lose.
inline bool reaches(const Score& a, const Score& b, int images) {
  return a.ok && (!b.ok || a.right >= b.right + images);
}
inline bool exceeds(const Score& a, const Score& b, int images) {
  return a.ok && (!b.ok || a.right > b.right + images);
}

/// The paper, Algorithm 1; `extra` is its 10,000 parameters.
inline Net paper(const Bounds& in, const Trainer& train, std::int64_t extra = 10'000) {
  const auto parameters = [&](const Net& net) { return net.parameters(in.inputs, in.classes); };
  // Grow.
  int epochs = 10;
  Net net{in.width_max, std::string(static_cast<std::size_t>(in.depth_min), 's'),
          std::string(static_cast<std::size_t>(in.depth_min), '3')};
  Net found = net;
  Score best = train("grow", net, epochs);
  int failures = 0;
  while (failures < 3 && net.depth() < in.depth_max && !(best.ok && best.right >= 9990) &&
         !(best.ok && best.trained > 9950)) {
    net.ops += 's';
    net.kernels += '3';
    const Score score = train("grow", net, ++epochs);
    if (reaches(score, best, 10)) {
      best = score, found = net, failures = 0;
    } else if (!reaches(score, best, -5)) {
      ++failures;
    }
  }
  // Prune.
  net = found;
  failures = 0;
  while (failures < 3 && net.width - in.width_step >= in.width_min) {
    net.width -= in.width_step;
    epochs += 2;
    const Score score = train("prune", net, epochs);
    if (reaches(score, best, 0)) {
      best = score, found = net, failures = 0;
    } else {
      ++failures;
    }
  }
  // Micro.
  best = train("baseline", found, 2);
  for (const bool replace : {true, false}) {
    const std::int64_t budget = parameters(found) + extra;
    const int first_width = found.width;
    for (int layer = 0; layer < found.depth(); ++layer) {
      Net changed = found;
      (replace ? changed.ops : changed.kernels)[static_cast<std::size_t>(layer)] =
          replace ? 'c' : '5';
      changed.width = first_width;
      while (changed.width >= 1 && parameters(changed) > budget) --changed.width;
      if (changed.width < 1) continue;
      const Score score = train(replace ? "replace" : "update", changed, 2);
      if (exceeds(score, best, 0)) best = score, found = changed;
    }
  }
  return found;
}

/// TRG-NAS, as published.
inline Net trg(const Bounds& in, const Trainer& train, int epochs = 600) {
  Net net{in.width_max, std::string(static_cast<std::size_t>(in.depth_min), 's'),
          std::string(static_cast<std::size_t>(in.depth_min), '3')};
  Net found = net;
  Score best = train("grow", net, epochs);
  while (net.depth() < in.depth_max) {
    net.ops += 's';
    net.kernels += '3';
    const Score score = train("grow", net, epochs);
    if (reaches(score, best, 25)) {
      best = score, found = net;
    } else if (!reaches(score, best, -15)) {
      break;
    }
  }
  const Score grown = best;
  net = found;
  while (net.width - in.width_step >= in.width_min) {
    net.width -= in.width_step;
    const Score score = train("prune", net, epochs);
    if (!reaches(score, grown, -50)) break;
    best = score, found = net;
  }
  const int visited = 2 * found.depth() / 3;
  for (int layer = 0; layer < visited; ++layer) {
    Net changed = found;
    changed.ops[static_cast<std::size_t>(layer)] = 'c';
    const Score score = train("replace", changed, epochs);
    if (exceeds(score, best, 10)) best = score, found = changed;
  }
  for (int layer = 0; layer < visited; ++layer)
    for (const char kernel : {'5', '7'}) {
      Net changed = found;
      changed.kernels[static_cast<std::size_t>(layer)] = kernel;
      const Score score = train("update", changed, epochs);
      if (exceeds(score, best, 10)) best = score, found = changed;
    }
  return found;
}

}  // namespace reference
