#include "plain_loop.hpp"

#include <torch/torch.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <stdexcept>
#include <vector>

namespace {

constexpr int kBatch = 64, kPad = 4, kCrop = 32, kCutout = 16;

torch::nn::Sequential build(const nascent::NetworkDescription& network) {
  using nascent::LayerKind;
  torch::nn::Sequential model;
  for (const nascent::LayerDescription& layer : network.layers) switch (layer.kind) {
      case LayerKind::convolution:
        model->push_back(torch::nn::Conv2d(
            torch::nn::Conv2dOptions(layer.in.channels, layer.out.channels, layer.kernel)
                .stride(layer.stride)
                .padding(layer.kernel / 2)
                .groups(layer.groups)
                .bias(false)));
        break;
      case LayerKind::batch_norm:
        model->push_back(torch::nn::BatchNorm2d(layer.out.channels));
        break;
      case LayerKind::relu:
        model->push_back(torch::nn::ReLU());
        break;
      case LayerKind::global_average_pool:
        model->push_back(torch::nn::AdaptiveAvgPool2d(1));
        model->push_back(torch::nn::Flatten());
        break;
      case LayerKind::linear:
        model->push_back(torch::nn::Linear(layer.in.channels, layer.out.channels));
        break;
      case LayerKind::add:
      case LayerKind::average_pool:
      case LayerKind::zero:
      case LayerKind::prelu:
      case LayerKind::plain_batch_norm:
      case LayerKind::dropout:
        throw std::invalid_argument("the plain loop knows only chains of the paper's layers");
    }
  return model;
}

}  // namespace

struct PlainLoop::State {
  const nascent::ImageSet& images;
  double mean, deviation;
  bool flip;
  torch::Device device;
  torch::nn::Sequential model;
  torch::optim::SGD optimiser;
  std::mt19937 random{1};
  std::vector<int> order;
  std::size_t next = 0;
  std::int64_t correct = 0;

  torch::Tensor augmented(int index) {
    const auto shape = images.image;
    const auto bytes = images[index];
    auto image = torch::from_blob(const_cast<std::uint8_t*>(bytes.data()),
                                  {shape.channels, shape.height, shape.width}, torch::kByte);
    image = torch::constant_pad_nd(image, {kPad, kPad, kPad, kPad});
    const auto below = [&](std::int64_t n) {
      return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random);
    };
    image = image.narrow(1, below(image.size(1) - kCrop + 1), kCrop);
    image = image.narrow(2, below(image.size(2) - kCrop + 1), kCrop);
    if (flip && below(2) == 1) image = image.flip(2);
    auto values = image.to(torch::kFloat).div(255).sub(mean).div(deviation);
    const std::int64_t y = below(kCrop), x = below(kCrop);
    const std::int64_t top = std::max<std::int64_t>(y - kCutout / 2, 0),
                       left = std::max<std::int64_t>(x - kCutout / 2, 0);
    values.narrow(1, top, std::min<std::int64_t>(y + kCutout / 2, kCrop) - top)
        .narrow(2, left, std::min<std::int64_t>(x + kCutout / 2, kCrop) - left)
        .zero_();
    return values;
  }
};

PlainLoop::PlainLoop(const nascent::NetworkDescription& network, const nascent::ImageSet& images,
                     double mean, double deviation, bool flip, c10::Device device) {
  torch::nn::Sequential model = build(network);
  model->to(device);
  model->train();
  torch::optim::SGD optimiser(model->parameters(),
                              torch::optim::SGDOptions(.025).momentum(.9).weight_decay(3e-4));
  state_ = std::make_unique<State>(State{images,
                                         mean,
                                         deviation,
                                         flip,
                                         device,
                                         model,
                                         std::move(optimiser),
                                         std::mt19937(1),
                                         {},
                                         0,
                                         0});
  state_->order.resize(std::size_t(images.size()));
  std::iota(state_->order.begin(), state_->order.end(), 0);
}

PlainLoop::~PlainLoop() = default;

void PlainLoop::step() {
  State& s = *state_;
  std::vector<torch::Tensor> batch;
  std::vector<std::int64_t> labels;
  for (int i = 0; i < kBatch; ++i) {
    if (s.next == s.order.size()) s.next = 0;
    if (s.next == 0) std::shuffle(s.order.begin(), s.order.end(), s.random);
    const int index = s.order[s.next++];
    batch.push_back(s.augmented(index));
    labels.push_back(s.images.label(index));
  }
  const torch::Tensor x = torch::stack(batch).to(s.device), y = torch::tensor(labels).to(s.device);
  s.optimiser.zero_grad();
  const torch::Tensor logits = s.model->forward(x);
  torch::Tensor loss = torch::nn::functional::cross_entropy(logits, y);
  loss.backward();
  torch::nn::utils::clip_grad_norm_(s.model->parameters(), 5);
  s.optimiser.step();
  s.correct += logits.argmax(1).eq(y).sum().item<std::int64_t>();
}
