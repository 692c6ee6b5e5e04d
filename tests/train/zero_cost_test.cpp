#include "nascent/train/zero_cost.hpp"
#include "nascent/ranker/zero_cost.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/rand.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "../support/support.hpp"
#include "nascent/report/rank_correlation.hpp"
#include "nascent/space/nas_bench_201_space.hpp"
#include "nascent/train/intra_op_threads.hpp"
#include "nascent/train/tensor_operators.hpp"
#include "toy_images.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

/// Small operations on many threads wait for each other more than they compute.
class ZeroCost : public testing::Test {
  IntraOpThreads one_{1};
};

ImageBatch toy_batch(int count = 16) {
  const ImageSet images = toy_images(count, 1);
  const std::vector<double> mean{.3}, deviation{.3};
  return evaluation_batch(images, Normalizer(mean, deviation), 0, count, at::kCPU);
}

NetworkDescription network_of(const char* cell, Problem problem, int channels, int cells) {
  NasBench201Space space;
  space.channels = channels;
  space.cells = cells;
  space.problem = problem;
  return space.describe(space.parse(cell));
}

NetworkDescription branches() { return network_of("433323", {{1, 12, 12}, 4}, 4, 1); }

/// Weights and their gradients, of convolutions and linear layers, computed by the fast CPU path.
std::vector<std::pair<at::Tensor, at::Tensor>> by_the_fast_path(const NetworkDescription& net,
                                                                Network& network,
                                                                const ImageBatch& batch) {
  zero_cost::differentiate_loss(network, batch);
  const auto values = named_parameters(net, network.flat_parameters());
  const auto gradients = named_parameters(net, network.flat_gradients());
  std::vector<std::pair<at::Tensor, at::Tensor>> found;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i].name.ends_with(".weight") && values[i].values.dim() != 1)
      found.emplace_back(values[i].values, gradients[i].values);
  return found;
}

TEST_F(ZeroCost, SumsGradientsAndWeightsAsTheFastPathComputesThem) {
  const NetworkDescription net = small_network({1, 12, 12});
  const ImageBatch batch = toy_batch();
  Network network(net, 5);
  double grad_norm = 0, snip = 0, l2_norm = 0;
  for (const auto& [weight, gradient] : by_the_fast_path(net, network, batch)) {
    grad_norm += at::linalg_vector_norm(gradient).item<double>();
    snip += (weight * gradient).abs().sum().item<double>();
    l2_norm += at::linalg_vector_norm(weight).item<double>();
  }
  EXPECT_NEAR(zero_cost_score(Measure::grad_norm, net, 5, batch), grad_norm, 1e-3 * grad_norm);
  EXPECT_NEAR(zero_cost_score(Measure::snip, net, 5, batch), snip, 1e-3 * snip);
  EXPECT_NEAR(zero_cost_score(Measure::l2_norm, net, 5, batch), l2_norm, 1e-5 * l2_norm);
}

// What reaches the outputs is linear in the weights of each layer of a chain (Euler's theorem), so
// each layer adds the outputs without the bias.
TEST_F(ZeroCost, SynflowIsWhatReachesTheOutputsThroughEachOfTheLayers) {
  const NetworkDescription net = small_network({1, 12, 12});
  Network network(net, 5, at::kCPU, MemoryLayout::nchw, at::kDouble);
  const at::NoGradGuard guard;
  network.flat_parameters().abs_();
  const double bias =
      network.flat_parameters().narrow(0, net.parameters() - 4, 4).sum().item<double>();
  const at::Tensor ones = at::ones({1, 1, 12, 12}, at::kDouble);
  const double reached = network.forward(ones, false).sum().item<double>() - bias;
  int layers = 0, norms = 0;
  for (const LayerDescription& layer : net.layers) {
    layers += layer.kind == LayerKind::convolution || layer.kind == LayerKind::linear;
    norms += layer.kind == LayerKind::batch_norm;
  }
  // Here batch norm divides by sqrt(1 + 1e-5).
  EXPECT_NEAR(zero_cost_score(Measure::synflow, net, 5, toy_batch()),
              std::log(layers * reached) + norms * .5e-5, 1e-7);
}

// Of a network without rectifiers and batch norms every image has the same Jacobian: correlations
// of 1, whose eigenvalues are n and n - 1 times 0.
TEST_F(ZeroCost, JacobCovIsThatOfTheEigenvalues) {
  NetworkBuilder builder({{1, 12, 12}, 4});
  builder.convolution({.channels = 3}).global_average_pool().linear(4);
  const double n = 6, k = 1e-5;
  const double expected = -(std::log(n + k) + 1 / (n + k) + (n - 1) * (std::log(k) + 1 / k));
  EXPECT_NEAR(zero_cost_score(Measure::jacob_cov, std::move(builder).finish(), 1, toy_batch(6)),
              expected, 1e-4 * std::abs(expected));
}

// Signs ++- , +-+ and --- agree in 1, 1 and 1 of 3 values, each with itself in 3: the matrix has
// 3 on its diagonal and 1 elsewhere, and its determinant is 5 * 2 * 2.
TEST_F(ZeroCost, NaswotCountsWhereImagesAgree) {
  NetworkBuilder builder({{1, 1, 3}, 2});
  builder.relu().global_average_pool().linear(2);
  std::vector<float> pixels{1, 2, -1, .5, -3, 1, -1, -1, -.1F};
  const ImageBatch batch{at::from_blob(pixels.data(), {3, 1, 1, 3}), at::zeros({3}, at::kLong)};
  EXPECT_NEAR(zero_cost_score(Measure::naswot, std::move(builder).finish(), 1, batch),
              std::log(20.0), 1e-12);
}

TEST_F(ZeroCost, IsThatOfTheSeedAlone) {
  for (const Measure measure : {Measure::grad_norm, Measure::snip, Measure::synflow,
                                Measure::jacob_cov, Measure::naswot, Measure::l2_norm}) {
    const auto score = [&](std::uint64_t seed) {
      return zero_cost_score(measure, branches(), seed, toy_batch());
    };
    EXPECT_EQ(score(1), score(1)) << to_string(measure);
    EXPECT_NE(score(1), score(2)) << to_string(measure);
  }
}

TEST_F(ZeroCost, CountsParametersAndFlopsInMillions) {
  const NetworkDescription net = network_of("433323", {}, 16, 5);
  EXPECT_EQ(zero_cost_score(Measure::parameters, net, 1, {}), 0.428346);
  EXPECT_EQ(zero_cost_score(Measure::flops, net, 1, {}), 62.502592);
}

TEST_F(ZeroCost, SaysThatANetworkThroughWhichNothingFlowsHasNoScore) {
  const NetworkDescription net = network_of("111111", {{1, 12, 12}, 4}, 4, 1);
  for (const Measure measure : {Measure::synflow, Measure::jacob_cov})
    EXPECT_THAT(message_of([&] { zero_cost_score(measure, net, 1, toy_batch()); }),
                HasSubstr("the proxy " + std::string(to_string(measure)) +
                          " gives this network no finite score"));
}

/// A row of NASLib's scores (Apache-2.0) of cells of NAS-Bench-201, 16 channels, 5 cells a stage,
/// as in tests/data/tables/nasbench201-proxies-cifar10.csv.
struct Published {
  const char* cell;
  double l2_norm, synflow, snip, grad_norm;
};
constexpr Published kPublished[] = {
    {"000144", 27.6653595, 31.2060966, 5.83570957, 3.00553131},
    {"003000", 78.8678665, 42.134024, 3.70186043, 1.51718187},
    {"001203", 129.827545, 65.89013, 16.8358803, 7.3202548},
    {"002132", 180.777618, 60.2024949, 72.429039, 35.1785202},
    {"021232", 231.702408, 90.1256374, 186.524826, 109.728004},
    {"223322", 333.21228, 103.573046, 517.226135, 267.851501},
};

// Weights are drawn anew here: l2_norm differs by their number's chance, synflow by more.
TEST_F(ZeroCost, ComesToThePublishedScores) {
  for (const Published& row : kPublished) {
    const NetworkDescription net = network_of(row.cell, {}, 16, 5);
    const ImageBatch batch{at::zeros({1, 3, 32, 32}), at::zeros({1}, at::kLong)};
    EXPECT_NEAR(zero_cost_score(Measure::l2_norm, net, 1, batch), row.l2_norm, .01 * row.l2_norm);
    EXPECT_NEAR(zero_cost_score(Measure::synflow, net, 1, batch), row.synflow, 3) << row.cell;
  }
}

// One cell a stage instead of five, and noise for images: the order is nearly the same.
TEST_F(ZeroCost, PutsCellsInTheOrderOfThePublishedScores) {
  const ImageBatch noise{at::rand({16, 3, 32, 32}) - .5, at::arange(16, at::kLong) % 10};
  std::vector<double> snip, grad_norm, their_snip, their_grad_norm;
  for (const Published& row : kPublished) {
    const NetworkDescription net = network_of(row.cell, {}, 16, 1);
    snip.push_back(zero_cost_score(Measure::snip, net, 1, noise));
    grad_norm.push_back(zero_cost_score(Measure::grad_norm, net, 1, noise));
    their_snip.push_back(row.snip);
    their_grad_norm.push_back(row.grad_norm);
  }
  EXPECT_GE(spearman(snip, their_snip), .9);
  EXPECT_GE(spearman(grad_norm, their_grad_norm), .9);
}

}  // namespace
}  // namespace nascent
