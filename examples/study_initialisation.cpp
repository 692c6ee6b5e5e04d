// The paper's initialisation study (Table 2): where should Grow start?
//
//   study_initialisation --data cifar10 --data-dir DIR --run-dir runs/initialisation
//
// Ten subsets of two classes each (0 and 1, 1 and 2, ..., 9 and 0), four starts: plain or separable
// convolutions, kernels 3x3 or 7x7. From a plain or 7x7 start each layer tries its other values in
// their listed order. Every network found is trained from scratch and looks at the test set once.
// Writes initialisation.csv to the run directory.
#include <nascent/data/class_subset.hpp>
#include <nascent/evaluator/final_trainings.hpp>
#include <nascent/tournament/statistics.hpp>

#include "study/study.hpp"

namespace {

using namespace nascent;
using study::Json;

struct Arguments : study::Arguments {
  int subsets = 10, final_epochs = 600;
  DynamicEpochRanker ranker;
};

/// The paper's space with another start: the first operation and the first kernel.
template <class Choices, class Sizes>
using StartSpace = ChainSpace<Depth<10, 100>, Width<16, 64, 2>, Choices, Sizes>;
using ConvFirst = Operations<Conv, SeparableConv>;
using SepFirst = Operations<SeparableConv, Conv>;

/// A network found from one start on one subset.
struct Row {
  std::string start;
  int subset;
  std::string architecture;
  std::int64_t parameters;
  double held_out, test;
  Cost cost;
};

class Study {
 public:
  explicit Study(const Arguments& a) : a_(a), data_(open_dataset(a_.data, a_.data_dir)) {
    document_ = {{"data", data_.name}, {"data_checksums", data_.check_content().words}};
  }

  void go() {
    for (int subset = 0; subset < a_.subsets; ++subset) {
      const int classes = data_.classes();
      const Dataset pair = class_subset(data_, {subset % classes, (subset + 1) % classes});
      const TorchEvaluator<> torch = study::evaluator(a_, pair.hold_out(a_.split));
      study::describe(document_, a_, torch);
      search<StartSpace<ConvFirst, Kernels<3, 5, 7>>>("Conv-3x3", subset, torch);
      search<StartSpace<ConvFirst, Kernels<7, 3, 5>>>("Conv-7x7", subset, torch);
      search<StartSpace<SepFirst, Kernels<3, 5, 7>>>("Sep-3x3", subset, torch);
      search<StartSpace<SepFirst, Kernels<7, 3, 5>>>("Sep-7x7", subset, torch);
    }
    write();
    report();
  }

 private:
  template <class Space>
  void search(const std::string& start, int subset, const TorchEvaluator<>& torch) {
    Search<GreedyMacroMicro, DynamicEpochRanker, Space> search({}, a_.ranker);
    search.space.depth = {.min = a_.space.depth.min, .max = a_.space.depth.max};
    search.space.width = {.min = a_.space.width.min, .max = a_.space.width.max};
    const auto directory =
        std::filesystem::path(a_.run_dir) / (start + "-" + std::to_string(subset));
    std::fprintf(stderr, "%s, classes of subset %d\n", start.c_str(), subset);
    Journal journal(directory);
    TorchEvaluator<> evaluator = torch;
    const auto found = search.run(evaluator, {.seed = a_.seed}, journal, study::Lines{},
                                  StopOnInterrupt(), study::workers<Space>(a_));
    if (!found.finished())
      throw std::runtime_error("stopped (" + found.stopped + "); the same command goes on");
    FinalTrainings kept(directory);
    FinalTraining final{to_string(found.architecture), a_.final_epochs, mix(a_.seed)};
    if (const auto known = kept.find(final)) {
      final = *known;
    } else {
      Monitor quiet;
      final.accuracy = torch.final_accuracy(
          {found.space.describe(found.architecture), {.epochs = final.epochs}, final.seed}, quiet);
      kept.add(final);
    }
    rows_.push_back({start, subset, final.architecture, found.space.parameters(found.architecture),
                     final.accuracy.held_out.percent(), final.accuracy.test.percent(), found.cost});
  }

  std::vector<double> of_start(const std::string& start, auto quantity) const {
    std::vector<double> values;
    for (const Row& row : rows_)
      if (row.start == start) values.push_back(static_cast<double>(quantity(row)));
    return values;
  }

  void write() const {
    std::string csv = "start,subset,architecture,parameters,held_out,test,epochs,seconds\n";
    for (const Row& row : rows_)
      csv += row.start + "," + std::to_string(row.subset) + ",\"" + row.architecture + "\"," +
             std::to_string(row.parameters) + "," + fixed(row.held_out, 4) + "," +
             fixed(row.test, 4) + "," + std::to_string(row.cost.epochs) + "," +
             fixed(row.cost.seconds, 1) + "\n";
    study::write(a_, "initialisation.csv", csv);
  }

  void report() {
    const auto test_of = [&](const char* start) {
      return of_start(start, [](const Row& row) { return row.test; });
    };
    if (!a_.json)
      std::printf(
          "mean of %d pairs of classes, final training of %d epochs\n%-10s %-18s %12s  %s\n",
          a_.subsets, a_.final_epochs, "start", "test accuracy, %", "parameters",
          "against Sep-3x3 (paired): points, t-test p, Wilcoxon p");
    for (const char* start : {"Conv-3x3", "Conv-7x7", "Sep-3x3", "Sep-7x7"}) {
      const Summary test = summarise(test_of(start));
      const Summary parameters =
          summarise(of_start(start, [](const Row& row) { return row.parameters; }));
      const PairedTest paired = test_pairs(test_of(start), test_of("Sep-3x3"));
      document_["starts"][start] = {{"test", test.mean},
                                    {"standard_error", test.standard_error},
                                    {"parameters", parameters.mean},
                                    {"difference", paired.difference},
                                    {"t_p", paired.t_p},
                                    {"wilcoxon_p", paired.wilcoxon_p}};
      if (!a_.json)
        std::printf("%-10s %6.2f +- %-8.2f %12.0f  %+.2f, %.3f, %.3f\n", start, test.mean,
                    test.standard_error, parameters.mean, paired.difference, paired.t_p,
                    paired.wilcoxon_p);
    }
    document_["subsets"] = a_.subsets;
    document_["final_epochs"] = a_.final_epochs;
    document_["test_set_opened"] = rows_.size();
    study::conclude(a_, document_);
  }

  Arguments a_;
  Dataset data_;
  Json document_;
  std::vector<Row> rows_;
};

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();
  Arguments a;
  CLI::App app{"Compares starts of the paper's search on pairs of classes."};
  study::declare(app, a);
  study::declare(app, a.ranker);
  const auto positive = CLI::Range(1, 1'000'000);
  app.add_option("--subsets", a.subsets, "pairs of classes")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  app.add_option("--final-epochs", a.final_epochs, "of the networks found, from scratch")
      ->check(positive)
      ->capture_default_str();
  return run_program(app, argc, argv, [&] {
    Study(a).go();
    return 0;
  });
}
