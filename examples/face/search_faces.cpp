// The paper's search on faces: depth, then width, of a residual network; a final training; and
// people whom no network has seen, verified and identified.
//
//   search_faces --data att-faces.tar.xz --setting demo --run-dir runs/faces
//
// People in the order of their names: the last quarter is verified at the end, the last fifth of
// the others guides the search, the rest trains. The same command goes on where the last one ended.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <nascent/evaluator/face_evaluator.hpp>
#include <nascent/face/read_identities.hpp>
#include <nascent/face/read_pair_faces.hpp>
#include <nascent/face/verification_report.hpp>
#include <nascent/nascent.hpp>
#include <nascent/report/run_page.hpp>
#include <nascent/space/residual_face_space.hpp>
#include <nascent/train/head/ada_face.hpp>
#include <nascent/train/head/arc_face.hpp>
#include <nascent/train/head/cos_face.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../program.hpp"
#include "face_model.hpp"
#include "reports.hpp"

namespace {

using namespace nascent;
using FaceSearch = Search<GreedyMacroMicro, DynamicEpochRanker, ResidualFaceSpace>;

struct Arguments {
  std::string data, setting = "demo", run_dir = "runs/faces", points, head;
  std::vector<std::string> pairs;
  SearchOptions run;
  FaceSearch search{{.macro_only = true}};
  FaceSgd sgd;
  Device device{};
  std::optional<double> margin, scale;  // of the head; its own where there are none
  int side = 112, batch = 32, threads = 1, final_epochs = 26;
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
    a.margin = .2;
    a.scale = 16;
    a.sgd.learning_rate = .05;
    a.sgd.clip = 5;
    a.batch = 30;
  }
  if (a.head.empty()) a.head = a.setting == "demo" ? "cosface" : "adaface";
}

template <class Head>
FaceOptions<Head> training_of(const Arguments& a) {
  FaceOptions<Head> options;
  options.head.margin = a.margin.value_or(options.head.margin);
  options.head.scale = a.scale.value_or(options.head.scale);
  options.sgd = a.sgd;
  options.batch = a.batch;
  options.threads = a.threads;
  options.device = a.device;
  return options;
}

IdentityOptions reading(const Arguments& a) {
  IdentityOptions options{
      .height = a.side, .width = a.side, .channels = 0, .landmarks = {}, .wanted = {}};
  if (!a.points.empty()) options.landmarks = read_landmarks(a.points);
  return options;
}

/// People whom the search trains, those who guide it, and those whom nobody sees before the end.
struct Parts {
  IdentitySet known, train, guide, unseen;
};

/// Every two images are compared, so of many only the first of each person are.
IdentitySet compared(const IdentitySet& all) {
  constexpr int kMost = 2000;
  const bool many = all.size() > kMost;
  const int people = many ? std::min(all.identities(), kMost / 2) : all.identities();
  const int each = many ? std::max(2, kMost / people) : kMost;
  IdentitySet few{
      {all.images.image, people, {}, {}}, {all.names.begin(), all.names.begin() + people}, {}};
  std::vector<int> taken(static_cast<std::size_t>(people));
  for (int i = 0; i < all.size(); ++i) {
    const int person = all.images.label(i);
    if (person >= people || ++taken[static_cast<std::size_t>(person)] > each) continue;
    few.images.append(all.images[i], person);
    few.paths.push_back(all.paths[static_cast<std::size_t>(i)]);
  }
  if (std::ranges::all_of(taken, [](int images) { return images < 2; }))
    throw std::invalid_argument("the people from " + all.names.front() + " to " + all.names.back() +
                                " have one picture each, so nothing can be verified by them; give "
                                "several");
  return few;
}

Parts part(const IdentitySet& all) {
  if (all.identities() < 8)
    throw std::invalid_argument("there are " + std::to_string(all.identities()) +
                                " people, and a search needs 8 at least; give more folders");
  const IdentitySplit split = split_by_order(all, all.identities() * 3 / 4);
  const IdentitySplit seen = split_by_order(split.first, split.first.identities() * 4 / 5);
  return {split.first, seen.first, compared(seen.second), compared(split.second)};
}

/// Says on standard error how the final training goes.
struct Watch : Monitor {
  void on_epoch(const EpochReport& report) override {
    if (report.epoch % 10 == 0 || report.epoch == report.epochs)
      std::fprintf(stderr, "final training, epoch %d of %d: loss %.3f\n", report.epoch,
                   report.epochs, report.loss);
  }
};

/// Verification and identification of people whom no network has seen; written for the page.
Json verify_unseen(FaceModel& model, const IdentitySet& people,
                   const std::filesystem::path& directory) {
  const Embeddings vectors = model.embed(people.images);
  const std::vector<int>& labels = people.images.labels;
  const auto scored = scored_pairs(vectors, all_pairs(labels));
  const std::vector<Probe> probes = first_image_probes(vectors, labels);
  const auto right =
      std::ranges::count_if(probes, [](const Probe& probe) { return probe.rank() == 1; });
  Json report = verification_report(
      std::to_string(people.identities()) + " people whom no network has seen, " +
          std::to_string(people.size()) + " images, every two compared.",
      scored, people.images, people.paths);
  report["rank_1"] = {{"right", right}, {"probes", probes.size()}};
  nascent::detail::write_whole(directory / "verification.json", report.dump() + "\n");
  return report;
}

/// What is verified at the end beside the people who were set apart.
struct PairList {
  std::string file;
  PairFaces faces;
};

/// Before anything is trained, so that a file that cannot be read costs no search.
std::vector<PairList> pair_lists(const Arguments& a, Shape image) {
  std::vector<PairList> lists;
  for (const std::string& file : a.pairs)
    lists.push_back({file, faces_of_pair_bin(read_pair_bin(file), file, image)});
  return lists;
}

template <class Head>
Json search_with(const Arguments& a, const Parts& parts, const std::vector<PairList>& lists) {
  const FaceEvaluator<Head> evaluator(parts.train.images, parts.guide.images, training_of<Head>(a));
  FaceSearch search = a.search;
  search.space.fit_to(evaluator.problem());
  Journal journal(a.run_dir);
  RunPage page(search, journal.directory());
  Progress progress(search, a.run);
  const auto found = search.run(evaluator, a.run, journal, page, progress);
  if (found.judgement.failed) throw std::runtime_error(found.summary());

  const NetworkDescription description = search.space.describe(found.architecture);
  Watch watch;
  const auto network = evaluator.train(parts.known.images, description, a.final_epochs,
                                       stable_hash("final", mix(a.run.seed)), watch);
  const std::filesystem::path file = journal.directory() / FaceModel::kFile;
  FaceModel::write(file, description, *network);

  FaceModel model(file);
  const Json unseen = verify_unseen(model, parts.unseen, journal.directory());
  page.write();
  if (!page.failure().empty()) std::fprintf(stderr, "%s\n", page.failure().c_str());
  Json document{{"architecture", to_string(found.architecture)},
                {"name", "R-" + std::to_string(found.architecture.named_depth())},
                {"parameters", description.parameters()},
                {"trials", found.cost.trials},
                {"search_epochs", found.cost.epochs},
                {"people", parts.unseen.identities()}};
  for (const char* number : {"same", "different", "eer", "auc", "tar_at_far", "rank_1", "roc"})
    document[number] = unseen.at(number);
  document["pairs"] = Json::array();
  for (const PairList& list : lists) {
    Json report = pair_report(model.embed(list.faces.images), list.faces.pairs, list.faces.folds);
    report["file"] = list.file;
    document["pairs"].push_back(std::move(report));
  }
  document["model"] = file.string();
  document["page"] = (journal.directory() / "report.html").string();
  return document;
}

Json search_and_verify(const Arguments& a) {
  const Parts parts = part(read_identities(a.data, reading(a)));
  const std::vector<PairList> lists = pair_lists(a, parts.train.images.image);
  if (a.head == "adaface") return search_with<AdaFace>(a, parts, lists);
  if (a.head == "arcface") return search_with<ArcFace>(a, parts, lists);
  return search_with<CosFace>(a, parts, lists);
}

void print(const Json& document) {
  const auto text = [](const Json& value) { return value.get<std::string>(); };
  const auto whole = [](const Json& value) { return value.get<long long>(); };
  std::printf("found %s, %s, %lld parameters\n", text(document.at("architecture")).c_str(),
              text(document.at("name")).c_str(), whole(document.at("parameters")));
  std::printf("%lld unseen people: EER %.2f %% of %lld same and %lld different comparisons\n",
              whole(document.at("people")), 100 * document.at("eer").get<double>(),
              whole(document.at("same")), whole(document.at("different")));
  const Json& rank = document.at("rank_1");
  std::printf("rank-1, first image as gallery: %lld/%lld\n", whole(rank.at("right")),
              whole(rank.at("probes")));
  for (const Json& pairs : document.at("pairs")) {
    std::printf("%s\n", text(pairs.at("file")).c_str());
    print_pair_report(pairs);
  }
  std::printf("%s\n%s\n", text(document.at("model")).c_str(), text(document.at("page")).c_str());
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Searches a network for faces and verifies people whom it has not seen."};
  Arguments a;
  std::string device = "auto";
  app.add_option("--data", a.data, "folder or tar archive of IDENTITY/PICTURE")->required();
  app.add_option("--setting", a.setting, "small, medium (the paper's) or demo (minutes)")
      ->check(CLI::IsMember({"small", "medium", "demo"}))
      ->capture_default_str();
  app.add_option("--run-dir", a.run_dir, "journal, page and model; an earlier run there goes on")
      ->capture_default_str();
  app.add_option("--points", a.points, "table of path,x1,y1,...,x5,y5, to align the faces by");
  app.add_option("--pairs", a.pairs, "InsightFace's .bin file to verify at the end; repeatable");
  app.add_option("--head", a.head, "adaface, arcface or cosface (default: adaface; demo: cosface)")
      ->check(CLI::IsMember({"adaface", "arcface", "cosface"}));
  app.add_option("--seed", a.run.seed, "of weights and batches")
      ->check(is_seed())
      ->capture_default_str();
  app.add_option("--device", device, "auto, cpu, cuda or cuda:NUMBER")->capture_default_str();
  app.add_option("--max-trials", a.run.max_trials, "budget of candidates")
      ->check(CLI::PositiveNumber);
  app.add_option("--threads", a.threads, "within one operation; part of the protocol")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  // By the setting, where they are not given.
  int side = 0, final_epochs = 0, embedding = 0;
  std::string operation;
  std::vector<int> shares;
  app.add_option("--side", side, "pixels of the square that faces are brought to, a multiple of 16")
      ->check(CLI::PositiveNumber);
  app.add_option("--embedding", embedding, "numbers that a face becomes")
      ->check(CLI::PositiveNumber);
  app.add_option("--start-operation", operation,
                 "c (plain) or s (separable), of all layers at first")
      ->check(CLI::IsMember({"c", "s"}));
  app.add_option("--shares", shares, "how depth is dealt among the four stages, such as 3,4,14,3")
      ->expected(4)
      ->delimiter(',');
  app.add_option("--final-epochs", final_epochs, "of the final training")
      ->check(CLI::PositiveNumber);
  app.add_flag("--json", a.json, "one JSON document on standard output");
  return run_program(app, argc, argv, [&] {
    apply_setting(a);
    if (side > 0) a.side = side;
    if (final_epochs > 0) a.final_epochs = final_epochs;
    if (embedding > 0) a.search.space.embedding = embedding;
    if (!operation.empty()) a.search.space.start_operation = operation[0];
    if (!shares.empty()) std::ranges::copy(shares, a.search.space.shares.share.begin());
    a.search.space.problem.image = {3, a.side, a.side};
    a.search.space.check();  // before anything is read, as the device is
    a.device = Device(device);
    const Json document = search_and_verify(a);
    if (a.json)
      std::printf("%s\n", document.dump(2).c_str());
    else
      print(document);
    return 0;
  });
}
