// The paper's search on faces: depth, then width, of a residual network; a final training; and
// people whom no network has seen, verified and identified.
//
//   search_faces --data att-faces.tar.xz --setting demo --run-dir runs/faces
//
// People in the order of their names: the last quarter is verified at the end, the last fifth of
// the others guides the search, the rest trains. The same command goes on where the last one ended.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nascent/evaluator/face_evaluator.hpp>
#include <nascent/export/trained_network.hpp>
#include <nascent/face/read_identities.hpp>
#include <nascent/face/roc.hpp>
#include <nascent/nascent.hpp>
#include <nascent/report/run_page.hpp>
#include <nascent/space/residual_face_space.hpp>
#include <nascent/strategy/greedy_macro.hpp>
#include <nascent/train/named_tensors.hpp>
#include <nlohmann/json.hpp>
#include <numeric>

#include "../program.hpp"

namespace {

using namespace nascent;
using FaceSearch = Search<GreedyMacro, DynamicEpochRanker, ResidualFaceSpace>;
using Json = nlohmann::ordered_json;

struct Arguments {
  std::string data, setting = "demo", run_dir = "runs/faces";
  SearchOptions run;
  FaceSearch search;
  FaceOptions<> training;
  int side = 112, final_epochs = 26;
  bool json = false;
};

/// The paper's settings, and one for a few hundred images.
void apply_setting(Arguments& a) {
  if (a.setting == "medium") a.search.space = medium_faces();
  if (a.setting == "demo") {
    a.side = 32;
    a.final_epochs = 60;
    a.search.space.blocks = {4, 6};
    a.search.space.width = {8, 12, 2};
    a.search.space.embedding = 64;
    a.search.space.dropout = 10;
    a.search.strategy.grow.patience = 1;
    a.search.strategy.prune.patience = 1;
    a.search.ranker = {.start = 15, .deeper = 1, .narrower = 2, .micro = 2};
    a.training.head = {.margin = .2, .scale = 16};
    a.training.sgd.learning_rate = .05;
    a.training.sgd.clip = 5;
    a.training.batch = 30;
  }
}

/// People whom the search trains, those who guide it, and those whom nobody sees before the end.
struct Parts {
  IdentitySet known, train, guide, unseen;
};

Parts part(const IdentitySet& all) {
  if (all.identities() < 8)
    throw std::invalid_argument("there are " + std::to_string(all.identities()) +
                                " people, and a search needs 8 at least; give more folders");
  const int seen = all.identities() * 3 / 4, trained = seen * 4 / 5;
  const auto between = [&](int begin, int end) {
    std::vector<int> chosen(static_cast<std::size_t>(end - begin));
    std::iota(chosen.begin(), chosen.end(), begin);
    return all.subset(chosen);
  };
  return {between(0, seen), between(0, trained), between(trained, seen),
          between(seen, all.identities())};
}

/// Probes whose best score in a gallery of each person's first image is their own person's.
std::pair<int, int> first_ranks(const at::Tensor& vectors, const std::vector<int>& labels) {
  std::vector<std::int64_t> first;
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (i == 0 || labels[i] != labels[i - 1]) first.push_back(static_cast<std::int64_t>(i));
  int found = 0, probes = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (std::ranges::find(first, static_cast<std::int64_t>(i)) != first.end()) continue;
    ++probes;
    const auto score = [&](std::int64_t gallery) {
      return at::dot(vectors[static_cast<std::int64_t>(i)], vectors[gallery]).item<double>();
    };
    double own = -2, other = -2;
    for (const std::int64_t g : first) {
      double& best = labels[static_cast<std::size_t>(g)] == labels[i] ? own : other;
      best = std::max(best, score(g));
    }
    found += own > other;
  }
  return {found, probes};
}

void save(const std::filesystem::path& path, const NetworkDescription& description,
          Network& network) {
  TrainedNetwork trained;
  trained.description = description;
  add_network(trained.weights, description, network, 0);
  const auto channels = static_cast<std::size_t>(description.problem.image.channels);
  trained.mean = trained.deviation = std::vector<double>(channels, .5);
  trained.write(path);
}

int search(const Arguments& a) {
  const Parts parts = part(read_identities(a.data, {.height = a.side, .width = a.side}));
  FaceEvaluator<> evaluator(parts.train.images, parts.guide.images, a.training);
  Journal journal(a.run_dir);
  RunPage page(a.search, journal.directory());
  Progress progress(a.search, a.run);
  const auto found = a.search.run(evaluator, a.run, journal, page, progress);
  if (found.judgement.failed) throw std::runtime_error(found.summary());

  ResidualFaceSpace space = a.search.space;
  space.fit_to(evaluator.problem());
  const NetworkDescription description = space.describe(found.architecture);
  Monitor monitor;
  const auto network = evaluator.train(parts.known.images, description, a.final_epochs,
                                       stable_hash("final", mix(a.run.seed)), monitor);
  const std::filesystem::path model = journal.directory() / "model.safetensors";
  save(model, description, *network);
  const Comparisons comparisons = evaluator.compare(*network, parts.unseen.images);
  const OperatingPoint equal = eer(comparisons);
  const auto [right, probes] =
      first_ranks(evaluator.embed(*network, parts.unseen.images), parts.unseen.images.labels);
  if (a.json) {
    Json curve = Json::array();
    for (const OperatingPoint& point : roc(comparisons))
      curve.push_back({point.far(), point.tar()});
    const Json document{{"architecture", to_string(found.architecture)},
                        {"parameters", description.parameters()},
                        {"trials", found.cost.trials},
                        {"search_epochs", found.cost.epochs},
                        {"eer", equal.hter()},
                        {"rank_1", {{"right", right}, {"probes", probes}}},
                        {"roc", curve},
                        {"model", model.string()}};
    std::printf("%s\n", document.dump(2).c_str());
  } else {
    std::printf("found %s, R-%d, %lld parameters\n", to_string(found.architecture).c_str(),
                found.architecture.named_depth(), static_cast<long long>(description.parameters()));
    std::printf("%d unseen people: EER %.2f %% of %lld same and %lld different comparisons\n",
                parts.unseen.identities(), 100 * equal.hter(),
                static_cast<long long>(equal.positives), static_cast<long long>(equal.negatives));
    std::printf("rank-1, first image as gallery: %d/%d\n%s\n", right, probes,
                model.string().c_str());
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Searches a network for faces and verifies people whom it has not seen."};
  Arguments a;
  app.add_option("--data", a.data, "folder or tar archive of IDENTITY/PICTURE")->required();
  app.add_option("--setting", a.setting, "small, medium (the paper's) or demo (minutes)")
      ->check(CLI::IsMember({"small", "medium", "demo"}))
      ->capture_default_str();
  app.add_option("--run-dir", a.run_dir, "journal, page and model; an earlier run there goes on")
      ->capture_default_str();
  app.add_option("--seed", a.run.seed, "of weights and batches")
      ->check(is_seed())
      ->capture_default_str();
  app.add_option("--max-trials", a.run.max_trials, "budget of candidates")
      ->check(CLI::PositiveNumber);
  int final_epochs = 0;
  app.add_option("--final-epochs", final_epochs, "of the final training (default: by --setting)")
      ->check(CLI::PositiveNumber);
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    apply_setting(a);
    if (final_epochs > 0) a.final_epochs = final_epochs;
    return search(a);
  });
}
