// Whether a supernet puts networks in the order of trainings of their own, beside their size, which
// it must beat.
//
//   supernet_ranking --data kmnist --data-dir DIR --networks 12 --epochs 20
//
// Trains one supernet of a depth and a width, draws networks, scores each with the shared weights,
// and trains each alone; the test set stays sealed.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <nascent/data/open_dataset.hpp>
#include <nascent/evaluator/supernet_evaluator.hpp>
#include <nascent/nascent.hpp>
#include <nascent/report/rank_correlation.hpp>
#include <nascent/search/stopwatch.hpp>
#include <nascent/train/allocator.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "program.hpp"

namespace {

using namespace nascent;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string data = "fashion-mnist", data_dir, device = "cpu";
  int depth = 10, width = 16, networks = 12, epochs = 20, alone_epochs = 10;
  int train_images = 0, held_out_images = 0, threads = 1;
  std::uint64_t seed = 1;
  bool json = false;
};

struct Watch : Monitor {
  StopOnInterrupt interrupt;

  bool cancelled() override { return !interrupt.stop().empty(); }
  void on_epoch(const EpochReport& report) override {
    std::fprintf(stderr, "epoch %d of %d: loss %.4f\n", report.epoch, report.epochs, report.loss);
  }
};

struct Measured {
  Architecture architecture;
  std::int64_t parameters;
  Accuracy supernet{}, alone{};
};

double seconds_of(auto act) {
  const Stopwatch used;
  act();
  return used.seconds();
}

std::vector<Measured> draw(const SepConvSpace& space, int count, std::uint64_t seed) {
  std::vector<Measured> drawn;
  Random random(seed, "networks");
  for (int i = 0; i < count; ++i) {
    Architecture architecture = space.sample(random);
    const std::int64_t parameters = space.parameters(architecture);
    drawn.push_back({std::move(architecture), parameters});
  }
  return drawn;
}

Json agreement(const std::vector<Measured>& networks, auto score) {
  std::vector<double> scores, alone;
  for (const Measured& network : networks) {
    scores.push_back(score(network));
    alone.push_back(network.alone.percent());
  }
  return {{"kendall", kendall(scores, alone)}, {"spearman", spearman(scores, alone)}};
}

Json run(const Arguments& a) {
  SepConvSpace space;
  space.depth = {.min = a.depth, .max = a.depth};
  space.width = {.min = a.width, .max = a.width, .step = 1};
  const HoldOut data = open_dataset(a.data, a.data_dir)
                           .hold_out({.images = a.held_out_images, .train_images = a.train_images});
  const TorchEvaluator alone(data, {.device = Device(a.device), .threads = a.threads});
  space.fit_to(alone.problem());
  space.check();
  std::vector<Measured> networks = draw(space, a.networks, a.seed);

  Watch watch;
  Json seconds;
  seconds["supernet"] = seconds_of([&] {
    const SupernetEvaluator supernet(
        data, space,
        SupernetOptions<>{
            .epochs = a.epochs, .seed = a.seed, .device = Device(a.device), .threads = a.threads},
        watch);
    for (Measured& network : networks)
      network.supernet =
          supernet
              .evaluate(Trial<Architecture>(0, {network.architecture, Move::sample}, {}, a.seed))
              .accuracy;
  });
  seconds["alone"] = seconds_of([&] {
    for (Measured& network : networks)
      network.alone =
          alone.evaluate({space.describe(network.architecture), {a.alone_epochs}, a.seed}, watch)
              .accuracy;
  });

  Json document{{"data", data.name},
                {"train_images", data.train.size()},
                {"held_out_images", data.held_out.size()},
                {"depth", a.depth},
                {"width", a.width},
                {"supernet_epochs", a.epochs},
                {"alone_epochs", a.alone_epochs},
                {"seed", a.seed},
                {"seconds", seconds},
                {"networks", Json::array()}};
  for (const Measured& network : networks)
    document["networks"].push_back({{"architecture", to_string(network.architecture)},
                                    {"parameters", network.parameters},
                                    {"supernet", network.supernet.percent()},
                                    {"alone", network.alone.percent()}});
  document["supernet"] =
      agreement(networks, [](const Measured& m) { return m.supernet.percent(); });
  document["parameters"] =
      agreement(networks, [](const Measured& m) { return static_cast<double>(m.parameters); });
  return document;
}

void print(const Json& document) {
  std::printf("%-40s %10s %10s %10s\n", "network", "parameters", "supernet", "alone");
  for (const Json& network : document["networks"])
    std::printf("%-40s %10lld %9.2f%% %9.2f%%\n",
                network["architecture"].get<std::string>().c_str(),
                network["parameters"].get<long long>(), network["supernet"].get<double>(),
                network["alone"].get<double>());
  std::printf("\nagreement with training alone: Kendall, Spearman\n");
  for (const char* score : {"supernet", "parameters"}) {
    const Json& agreement = document[score];
    // null where all are the same
    std::printf("%-12s %s %s\n", score, agreement["kendall"].dump().c_str(),
                agreement["spearman"].dump().c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  Arguments a;
  CLI::App app{"A supernet's ranking against trainings of the networks alone"};
  const auto positive = CLI::PositiveNumber;
  app.add_option("--data", a.data, kDatasetNames)->capture_default_str();
  app.add_option("--data-dir", a.data_dir, "directory of a named data set");
  app.add_option("--depth", a.depth, "layers of every network")->capture_default_str();
  app.add_option("--width", a.width, "of every network")->capture_default_str();
  app.add_option("--networks", a.networks, "drawn and compared")
      ->check(CLI::Range(2, 100000))
      ->capture_default_str();
  app.add_option("--epochs", a.epochs, "of the supernet")->check(positive)->capture_default_str();
  app.add_option("--alone-epochs", a.alone_epochs, "of each network alone")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--train-images", a.train_images, "fewer images to train on")->check(positive);
  app.add_option("--held-out-images", a.held_out_images, "instead of a tenth")->check(positive);
  app.add_option("--seed", a.seed, "of networks, weights and batches")
      ->check(is_seed())
      ->capture_default_str();
  app.add_option("--threads", a.threads, "within one operation; part of the protocol")
      ->check(positive)
      ->capture_default_str();
  app.add_option("--device", a.device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    keep_freed_memory();
    const Json document = run(a);
    if (a.json)
      std::printf("%s\n", document.dump(2).c_str());
    else
      print(document);
    return 0;
  });
}
