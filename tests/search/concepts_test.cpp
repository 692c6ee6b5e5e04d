// For every concept a type that has all it asks for, and for each of its requirements one that
// lacks exactly that.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../support/support.hpp"

namespace nascent {
namespace {

// Operation.

struct GoodOperation {
  static constexpr char letter = 'g';
  static constexpr std::string_view name = "good";
  static void describe(NetworkBuilder& net, LayerTarget) { net.relu(); }
};
struct OperationWithoutLetter : GoodOperation {
  static constexpr struct { } letter{}; };
struct OperationWithoutName : GoodOperation {
  static constexpr int name = 1;
};
struct OperationWithoutDescription : GoodOperation {
  static void describe(NetworkBuilder& net);
};
struct OperationDescribedByObject {
  static constexpr char letter = 'g';
  static constexpr std::string_view name = "good";
  void describe(NetworkBuilder& net, LayerTarget target) const;
};
static_assert(OperationPolicy<GoodOperation>);
static_assert(!OperationPolicy<OperationWithoutLetter>);
static_assert(!OperationPolicy<OperationWithoutName>);
static_assert(!OperationPolicy<OperationWithoutDescription>);
static_assert(!OperationPolicy<OperationDescribedByObject>);
static_assert(!OperationPolicy<int>);

// Variable.

struct GoodVariable {
  static constexpr std::string_view name = "good";
  int count() const { return 2; }
  double value(int index) const { return index; }
};
struct VariableWithoutName : GoodVariable {
  static constexpr int name = 1;
};
struct VariableWithoutCount : GoodVariable {
  void count() const;
};
struct VariableWithMutableCount {
  static constexpr std::string_view name = "bad";
  int count();
  double value(int index) const;
};
struct VariableWithoutValues : GoodVariable {
  double value() const;
};
static_assert(VariablePolicy<GoodVariable>);
static_assert(!VariablePolicy<VariableWithoutName>);
static_assert(!VariablePolicy<VariableWithoutCount>);
static_assert(!VariablePolicy<VariableWithMutableCount>);
static_assert(!VariablePolicy<VariableWithoutValues>);

// Space.

struct Point {
  int x = 0;
  friend bool operator==(const Point&, const Point&) = default;
  friend std::string to_string(const Point& point) { return std::to_string(point.x); }
};
struct GoodSpace {
  using Architecture = Point;
  Point sample(Random& random) const { return {random.below(3)}; }
};
struct SpaceWithoutArchitecture {
  Point sample(Random& random) const;
};
struct Unique {
  std::unique_ptr<int> x;
  friend bool operator==(const Unique&, const Unique&) = default;
  friend std::string to_string(const Unique&);
};
struct SpaceOfUncopyable {
  using Architecture = Unique;
  Unique sample(Random& random) const;
};
struct Incomparable {
  friend std::string to_string(const Incomparable&);
};
struct SpaceOfIncomparable {
  using Architecture = Incomparable;
  Incomparable sample(Random& random) const;
};
struct Wordless {
  friend bool operator==(const Wordless&, const Wordless&) = default;
};
struct SpaceOfWordless {
  using Architecture = Wordless;
  Wordless sample(Random& random) const;
};
struct SpaceWithoutSample {
  using Architecture = Point;
};
struct SpaceWithStandardSample {
  using Architecture = Point;
  Point sample(int seed) const;
};
struct SpaceThatCannotBeCopied : GoodSpace {
  SpaceThatCannotBeCopied(const SpaceThatCannotBeCopied&) = delete;
};
static_assert(SpacePolicy<GoodSpace>);
static_assert(!SpacePolicy<SpaceThatCannotBeCopied>);
static_assert(!SpacePolicy<SpaceWithoutArchitecture>);
static_assert(!SpacePolicy<SpaceOfUncopyable>);
static_assert(!SpacePolicy<SpaceOfIncomparable>);
static_assert(!SpacePolicy<SpaceOfWordless>);
static_assert(!SpacePolicy<SpaceWithoutSample>);
static_assert(!SpacePolicy<SpaceWithStandardSample>);

struct GoodMoves : GoodSpace {
  Point start() const;
  bool can_deepen(const Point&) const;
  Point deeper(const Point&) const;
  bool can_narrow(const Point&) const;
  Point narrower(const Point&) const;
  int depth_of(const Point&) const;
  int width_of(const Point&) const;
  Point with_width(const Point&, int) const;
  int operation_choices() const;
  Point with_operation(const Point&, int, int) const;
  int kernel_choices() const;
  Point with_kernel(const Point&, int, int) const;
  std::int64_t parameters(const Point&) const;
};
static_assert(MacroMicroSpace<GoodMoves> && !MacroMicroSpace<GoodSpace>);
static_assert(MacroMicroSpace<SepConvSpace> && MacroMicroSpace<TrgSpace>);

// A name in a derived class hides the one above.
#define NASCENT_TEST_LACKS(member)           \
  struct MovesWithout_##member : GoodMoves { \
    void member() const;                     \
  };                                         \
  static_assert(!MacroMicroSpace<MovesWithout_##member>)
NASCENT_TEST_LACKS(start);
NASCENT_TEST_LACKS(can_deepen);
NASCENT_TEST_LACKS(deeper);
NASCENT_TEST_LACKS(can_narrow);
NASCENT_TEST_LACKS(narrower);
NASCENT_TEST_LACKS(depth_of);
NASCENT_TEST_LACKS(width_of);
NASCENT_TEST_LACKS(with_width);
NASCENT_TEST_LACKS(operation_choices);
NASCENT_TEST_LACKS(with_operation);
NASCENT_TEST_LACKS(kernel_choices);
NASCENT_TEST_LACKS(with_kernel);
NASCENT_TEST_LACKS(parameters);
#undef NASCENT_TEST_LACKS

// Ranker.

struct GoodRanker {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train) const;
};
struct RankerWithoutState {
  Task<Judgement> operator()(int&, Proposal, Train train) const;
};
struct RankerWithoutDefaultState {
  struct State {
    explicit State(int);
  };
  Task<Judgement> operator()(State&, Proposal, Train train) const;
};
struct RankerWithoutJudgement {
  struct State {};
  Task<Outcome> operator()(State&, Proposal, Train train) const;
};
struct RankerThatIsNotConst {
  struct State {};
  Task<Judgement> operator()(State&, Proposal, Train train);
};
struct RankerThatCannotBeCopied : GoodRanker {
  RankerThatCannotBeCopied(const RankerThatCannotBeCopied&) = delete;
};
static_assert(RankerPolicy<GoodRanker>);
static_assert(!RankerPolicy<RankerWithoutState>);
static_assert(!RankerPolicy<RankerWithoutDefaultState>);
static_assert(!RankerPolicy<RankerWithoutJudgement>);
static_assert(!RankerPolicy<RankerThatIsNotConst>);
static_assert(!RankerPolicy<RankerThatCannotBeCopied>);

// Strategy.

struct GoodStrategy {
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge) const;
};
struct StrategyWithoutJudged {
  template <SpacePolicy Space>
  Task<Judgement> operator()(Space space, Judge<Space> judge) const;
};
struct StrategyThatIsNotConst {
  template <SpacePolicy Space>
  Task<Judged<Space>> operator()(Space space, Judge<Space> judge);
};
struct StrategyThatCannotBeCopied : GoodStrategy {
  StrategyThatCannotBeCopied(const StrategyThatCannotBeCopied&) = delete;
};
static_assert(StrategyPolicy<GoodStrategy, GoodSpace>);
static_assert(!StrategyPolicy<StrategyWithoutJudged, GoodSpace>);
static_assert(!StrategyPolicy<StrategyThatIsNotConst, GoodSpace>);
static_assert(!StrategyPolicy<StrategyThatCannotBeCopied, GoodSpace>);
static_assert(StrategyPolicy<GreedyMacroMicro, GoodMoves>);
static_assert(!StrategyPolicy<GreedyMacroMicro, GoodSpace>);  // it has no moves
static_assert(StrategyPolicy<RandomStrategy, GoodSpace>);
static_assert(!StrategyPolicy<AgingEvolution, GoodSpace>);  // nothing is near to anything
static_assert(!StrategyPolicy<LocalSearch, GoodSpace>);

// Evaluator: any of three forms.

struct PlainEvaluator {
  Outcome evaluate(const Trial<Point>&);
};
struct MonitoredEvaluator {
  Outcome evaluate(const Trial<Point>&, Monitor&) const;
};
struct NetworkEvaluator {
  Outcome evaluate(const NetworkTrial&, Monitor&);
};
struct EvaluatorOfOthers {
  Outcome evaluate(const Trial<Architecture>&);
};
struct EvaluatorWithoutOutcome {
  double evaluate(const Trial<Point>&);
};
struct EvaluatorOfNetworksWithoutMonitor {
  Outcome evaluate(const NetworkTrial&);
};
static_assert(EvaluatorPolicy<PlainEvaluator, Point>);
static_assert(!EvaluatorPolicy<const PlainEvaluator, Point>);
static_assert(EvaluatorPolicy<const MonitoredEvaluator, Point>);
static_assert(EvaluatorPolicy<NetworkEvaluator, Point>);
static_assert(!EvaluatorPolicy<EvaluatorOfOthers, Point>);
static_assert(!EvaluatorPolicy<EvaluatorWithoutOutcome, Point>);
static_assert(!EvaluatorPolicy<EvaluatorOfNetworksWithoutMonitor, Point>);

// Callback: one member is enough, and each is found.

struct OnBegin {
  void on_begin(const RunInfo&);
};
struct OnTrial {
  void on_trial(const Trial<Point>&);
};
struct OnEpoch {
  void on_epoch(const Trial<Point>&, const EpochReport&);
};
struct OnOutcome {
  void on_outcome(const Trial<Point>&, const Outcome&);
};
struct OnIncumbent {
  void on_incumbent(const Judged<GoodSpace>&);
};
struct OnMilestone {
  void on_milestone(const Milestone<GoodSpace>&);
};
struct OnEnd {
  void on_end(const Found<GoodSpace>&);
};
struct Recalls {
  std::optional<Outcome> recall(const Trial<Point>&);
};
struct Stops {
  std::string stop() const;
};
template <class... Callbacks>
constexpr bool each_is_a_callback = (CallbackPolicy<Callbacks, GoodSpace> && ...);
static_assert(each_is_a_callback<OnBegin, OnTrial, OnEpoch, OnOutcome, OnIncumbent, OnMilestone,
                                 OnEnd, Recalls, Stops, const Stops>);

struct Nothing {};
struct Misspelt {
  void on_outcomes(const Trial<Point>&, const Outcome&);
};
struct OfAnotherSpace {
  void on_outcome(const Trial<Architecture>&, const Outcome&);
};
struct RecallsOutcome {
  Outcome recall(const Trial<Point>&);
};
struct StopsByBool {
  bool stop() const;
};
static_assert(!CallbackPolicy<Nothing, GoodSpace>);
static_assert(!CallbackPolicy<Misspelt, GoodSpace>);
static_assert(!CallbackPolicy<OfAnotherSpace, GoodSpace>);
static_assert(!CallbackPolicy<RecallsOutcome, GoodSpace>);
static_assert(!CallbackPolicy<StopsByBool, GoodSpace>);
static_assert(!CallbackPolicy<const OnBegin, GoodSpace>);

// All that was asserted above is enough to run.
TEST(Concepts, ASmallestSpaceOfYourOwnIsSearched) {
  struct Evaluator {
    Outcome evaluate(const Trial<Point>& trial) { return scored(trial.architecture().x); }
  };
  const auto found =
      Search<RandomStrategy, FixedEpochRanker, GoodSpace>({.trials = 20}).run(Evaluator{});
  EXPECT_EQ(found.architecture.x, 2);
}

}  // namespace
}  // namespace nascent
