#include "nascent/search/journal.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "../support/support.hpp"
#include "nascent/search/history.hpp"
#include "nascent/testing/landscape.hpp"

namespace nascent {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
using PaperSearch = Search<GreedyMacroMicro, DynamicEpochRanker, SepConvSpace>;

const testing::Landscape kLandscape{3, 9};

PaperSearch small() {
  PaperSearch search;
  search.space.depth = {3, 6};
  search.space.width = {8, 12, 2};
  return search;
}

/// Runs in `directory` on to the end, or to `trials` in all.
std::string run(const std::filesystem::path& directory, int trials = 1'000'000,
                const PaperSearch& search = small(), const SearchOptions& options = {}) {
  Journal journal(directory);
  SearchOptions limited = options;
  limited.max_trials = trials;
  const auto found = search.run(kLandscape, limited, journal);
  return to_string(found.architecture) + "; " + found.summary();
}

std::string journal_of(const std::filesystem::path& directory) {
  return read_file(directory / "journal.jsonl");
}
void set_journal(const std::filesystem::path& directory, const std::string& text) {
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "journal.jsonl", std::ios::binary) << text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}
std::string text_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// What the run in `directory` says when it is refused.
std::string refusal(const std::filesystem::path& directory, const PaperSearch& search = small(),
                    const SearchOptions& options = {}) {
  return message_of<SearchError>([&] { run(directory, 1'000'000, search, options); });
}

TEST(Journal, HoldsAHeaderAndALineForEachOutcome) {
  const Scratch scratch;
  run(scratch / "run");
  const auto lines = lines_of(journal_of(scratch / "run"));
  const Json header = Json::parse(lines.at(0));
  EXPECT_EQ(header["event"], "header");
  EXPECT_EQ(header["strategy"], "GreedyMacroMicro");
  EXPECT_EQ(header["evaluator"], "testing::Landscape");
  EXPECT_EQ(header["options"]["space.depth_max"], "6");
  EXPECT_EQ(header["options"]["evaluator.world"], "3");
  EXPECT_EQ(header["seed"], 1);
  EXPECT_EQ(header["nascent"], "0.1.0");
  int failures = 0;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const Json line = Json::parse(lines[i]);
    EXPECT_EQ(line["event"], "trial");
    EXPECT_EQ(line["number"], i - 1);
    const auto architecture = parse_architecture(line["architecture"].get<std::string>());
    const Outcome outcome = kLandscape.outcome(to_string(architecture), line["epochs"]);
    EXPECT_EQ(line["correct"], outcome.accuracy.correct);
    EXPECT_EQ(line["images"], outcome.accuracy.total);
    EXPECT_EQ(line["train_correct"], outcome.train_accuracy.correct);
    EXPECT_EQ(line["seconds"], outcome.seconds);
    EXPECT_EQ(line["failure"], outcome.failure);
    failures += !outcome.ok();
  }
  EXPECT_GT(failures, 0);
}

TEST(Journal, AStoppedSearchGoesOnToTheSameEnd) {
  const Scratch scratch;
  const std::string whole = run(scratch / "whole");
  const std::size_t trials = lines_of(journal_of(scratch / "whole")).size() - 1;
  ASSERT_GT(trials, 15u);
  for (std::size_t stop = 1; stop <= trials; ++stop) {
    const auto directory = scratch / std::to_string(stop);
    run(directory, static_cast<int>(stop));
    EXPECT_EQ(run(directory), whole);
    EXPECT_EQ(journal_of(directory), journal_of(scratch / "whole"));
  }
  EXPECT_EQ(run(scratch / "whole"), whole);  // nothing is left to do
  EXPECT_EQ(journal_of(scratch / "1"), journal_of(scratch / "whole"));
}

TEST(Journal, OutcomesThereAreNotEvaluatedAgain) {
  const Scratch scratch;
  run(scratch / "run", 7);
  struct Counts {
    int fresh = 0, all = 0;
    void on_trial(const Trial<Architecture>&) { ++fresh; }
    void on_outcome(const Trial<Architecture>&, const Outcome&) { ++all; }
  } counts;
  Journal journal(scratch / "run");
  small().run(kLandscape, {.max_trials = 9}, journal, counts);
  EXPECT_EQ(journal.recalled(), 7);
  EXPECT_FALSE(journal.dropped_torn_line());
  EXPECT_EQ(counts.fresh, 2);
  EXPECT_EQ(counts.all, 9);
}

TEST(Journal, OneObjectServesRunAfterRun) {
  const Scratch scratch;
  Journal journal(scratch / "run");
  for (const int trials : {3, 6, 9, 9})
    EXPECT_EQ(small().run(kLandscape, {.max_trials = trials}, journal).cost.trials, trials);
  EXPECT_EQ(lines_of(journal_of(scratch / "run")).size(), 10u);
}

TEST(Journal, AKillAtAnyByteLosesNothingThatWasWhole) {
  const Scratch scratch;
  run(scratch / "whole", 4);
  const std::string whole = journal_of(scratch / "whole");
  // Every byte of the last line, which a kill can tear; every 11th of the others.
  const std::size_t last_line = whole.rfind('\n', whole.size() - 2);
  for (std::size_t size = 0; size < whole.size(); size += size < last_line - 11 ? 11 : 1) {
    const auto directory = scratch / "cut";
    set_journal(directory, whole.substr(0, size));
    {
      Journal journal(directory);
      small().run(kLandscape, {.max_trials = 4}, journal);
      EXPECT_EQ(journal.dropped_torn_line(), size > 0 && whole[size - 1] != '\n') << size;
    }
    ASSERT_EQ(journal_of(directory), whole) << "cut after " << size << " bytes";
  }
}

TEST(Journal, AProcessKilledOutrightGoesOn) {
  const Scratch scratch;
  const std::string whole = run(scratch / "whole");
  const pid_t child = ::fork();
  if (child == 0) {
    struct Kills {
      void on_outcome(const Trial<Architecture>& trial, const Outcome&) {
        if (trial.number == 10) ::kill(::getpid(), SIGKILL);
      }
    };
    Journal journal(scratch / "killed");
    small().run(kLandscape, {}, journal, Kills{});
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(lines_of(journal_of(scratch / "killed")).size(), 12u);
  EXPECT_EQ(run(scratch / "killed"), whole);
}

TEST(Journal, ADamagedLineIsRefusedWithItsNumber) {
  const Scratch scratch;
  run(scratch / "run", 16);
  const std::string whole = journal_of(scratch / "run");
  const auto path = (scratch / "run" / "journal.jsonl").string();
  for (const char* damage : {"", "{", "null", "[]", "17", "\"text\"", "{\"event\":", "\xff\xfe"}) {
    auto lines = lines_of(whole);
    lines[4] = damage;
    set_journal(scratch / "run", text_of(lines));
    EXPECT_EQ(refusal(scratch / "run"),
              path + ":5: this line is damaged; restore it or use another directory")
        << damage;
  }
  auto lines = lines_of(whole);
  lines[0] = "not a header";
  set_journal(scratch / "run", text_of(lines));
  EXPECT_THAT(refusal(scratch / "run"), HasSubstr(path + ":1: this line is damaged"));
  EXPECT_EQ(journal_of(scratch / "run"), text_of(lines));  // nothing was touched
}

TEST(Journal, ALineWithAWrongFieldIsRefusedWithItsNumber) {
  const Scratch scratch;
  run(scratch / "run", 16);
  const std::string whole = journal_of(scratch / "run");
  const auto path = (scratch / "run" / "journal.jsonl").string();
  const auto changed = [&](const std::string& key, const Json& value) {
    auto lines = lines_of(whole);
    auto line = nlohmann::ordered_json::parse(lines[5]);
    if (value.is_discarded())
      line.erase(key);
    else
      line[key] = value;
    lines[5] = line.dump();
    set_journal(scratch / "run", text_of(lines));
    return refusal(scratch / "run");
  };
  const Json absent(Json::value_t::discarded);
  for (const char* key :
       {"event", "number", "stage", "architecture", "epochs", "seed", "correct", "images",
        "train_correct", "train_images", "epochs_run", "seconds", "failure"}) {
    for (const Json& value : {absent, Json(nullptr), Json::object(), Json::array({1})})
      EXPECT_THAT(changed(key, value), HasSubstr(path + ":6: ")) << key << value;
  }
  EXPECT_THAT(changed("correct", "many"), HasSubstr(path + ":6: "));
  // Another search's trials under this one's header.
  EXPECT_EQ(changed("epochs", 99),
            path +
                ":6: the search proposes epochs 15 where the journal has 99; use another "
                "directory");
  EXPECT_THAT(changed("architecture", "d3 w12 ops=ccc kernels=333"),
              HasSubstr(path + ":6: the search proposes architecture \"d"));
  EXPECT_THAT(changed("seed", "0000000000000000"),
              HasSubstr(path + ":6: the search proposes seed"));
  // An outcome that was edited leads the search another way, which shows at a later line.
  EXPECT_THAT(changed("correct", 9999), HasSubstr("the search proposes"));
}

TEST(Journal, AnotherSearchIsRefusedWithWhatDiffers) {
  const Scratch scratch;
  run(scratch / "run", 5);
  const std::string whole = journal_of(scratch / "run");
  const auto path = (scratch / "run" / "journal.jsonl").string();

  PaperSearch other = small();
  other.strategy.grow.patience = 2;
  EXPECT_EQ(refusal(scratch / "run", other),
            path +
                ":1: another search is in this directory; it differs in "
                "options/strategy.grow.patience (\"3\" there, \"2\" now); use another directory");
  EXPECT_THAT(refusal(scratch / "run", small(), {.seed = 2}),
              HasSubstr("differs in seed (1 there, 2 now)"));
  other.space.width.max = 14;
  EXPECT_THAT(refusal(scratch / "run", other),
              HasSubstr("options/strategy.grow.patience (\"3\" there, \"2\" now), "
                        "options/space.width_max (\"12\" there, \"14\" now)"));
  EXPECT_THAT(message_of<SearchError>([&] {
                Journal journal(scratch / "run");
                small().run(testing::Landscape{4}, {}, journal);
              }),
              HasSubstr("options/evaluator.world (\"3\" there, \"4\" now)"));
  EXPECT_THAT(message_of<SearchError>([&] {
                Journal journal(scratch / "run");
                Search<RandomStrategy, FixedEpochRanker, SepConvSpace>().run(kLandscape, {},
                                                                             journal);
              }),
              ::testing::AllOf(HasSubstr("strategy (\"GreedyMacroMicro\" there, "
                                         "\"RandomStrategy\" now)"),
                               HasSubstr("options/strategy.trials (absent there")));
  EXPECT_EQ(journal_of(scratch / "run"), whole);
  // The budget is no part of the search: a longer one goes on.
  EXPECT_EQ(refusal(scratch / "run"), "");

  set_journal(scratch / "run", "{}\n");
  EXPECT_THAT(refusal(scratch / "run"), HasSubstr(":1: another search is in this directory"));
  // What only the journal has is named too.
  auto header = nlohmann::ordered_json::parse(lines_of(whole)[0]);
  header["options"]["strategy.extra"] = "7";
  header["protocol"] = "0";
  set_journal(scratch / "run", header.dump() + "\n");
  EXPECT_THAT(refusal(scratch / "run"),
              HasSubstr("options/strategy.extra (\"7\" there, absent now)"));
}

TEST(Journal, ADirectoryInUseIsRefused) {
  const Scratch scratch;
  std::optional<Journal> first(std::in_place, scratch / "run");
  const auto sentence =
      (scratch / "run" / "journal.jsonl").string() +
      " is in use by another process; wait for its end, or name another run directory";
  EXPECT_EQ(message_of<SearchError>([&] { Journal second(scratch / "run"); }), sentence);
  const pid_t child = ::fork();
  if (child == 0) {
    const bool refused =
        message_of<SearchError>([&] { Journal second(scratch / "run"); }) == sentence;
    ::_exit(refused ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  first.reset();
  EXPECT_EQ(message_of<SearchError>([&] { Journal second(scratch / "run"); }), "");
}

TEST(Journal, ADirectoryThatCannotBeWrittenIsNamed) {
  const Scratch scratch;
  scratch.write("file", "x");
  EXPECT_THAT(
      message_of<SearchError>([&] { Journal journal(scratch / "file"); }),
      ::testing::AllOf(HasSubstr((scratch / "file").string()), HasSubstr("cannot be made")));
  EXPECT_THAT(message_of<SearchError>([&] { Journal journal(scratch / "file" / "run"); }),
              ::testing::AllOf(HasSubstr((scratch / "file" / "run").string()),
                               HasSubstr("cannot be made: Not a directory")));
  std::filesystem::create_directories(scratch / "run" / "journal.jsonl");
  EXPECT_THAT(message_of<SearchError>([&] { Journal journal(scratch / "run"); }),
              HasSubstr("journal.jsonl cannot be opened: Is a directory"));
  if (::geteuid() != 0) {
    std::filesystem::create_directories(scratch / "locked");
    std::filesystem::permissions(scratch / "locked", std::filesystem::perms::owner_read);
    EXPECT_THAT(message_of<SearchError>([&] { Journal journal(scratch / "locked" / "run"); }),
                HasSubstr("Permission denied"));
    std::filesystem::permissions(scratch / "locked", std::filesystem::perms::owner_all);
  }
}

TEST(Journal, HowItWasRunIsWrittenBesideIt) {
  const Scratch scratch;
  run(scratch / "run", 5);
  const Json notes = Json::parse(read_file(scratch / "run" / "run.json"));
  EXPECT_EQ(notes["executor"], "inline");
  EXPECT_EQ(notes["recalled"], 0);
  EXPECT_EQ(notes["trials"], 5);
  EXPECT_EQ(notes["stopped"], "the budget of 5 trials is spent");
  run(scratch / "run");
  EXPECT_EQ(Json::parse(read_file(scratch / "run" / "run.json"))["recalled"], 5);
  EXPECT_EQ(lines_of(read_file(scratch / "run" / "run.log")).size(), 4u);
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(scratch / "run"))
    names.push_back(entry.path().filename().string());
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("journal.jsonl", "run.json", "run.log"));
}

/// Evaluator: counts the calls.
struct Counted {
  int* calls;
  Outcome evaluate(const Trial<Architecture>& trial) const {
    ++*calls;
    return kLandscape.evaluate(trial);
  }
  template <class Field>
  void options(Field&& field) const {
    kLandscape.options(field);
  }
};

TEST(Journal, AForkUsesTheOutcomesOfAnotherRun) {
  const Scratch scratch;
  int calls = 0;
  const auto go = [&](const char* name, const PaperSearch& search, JournalOptions options = {}) {
    calls = 0;
    Journal journal(scratch / name, options);
    search.run(Counted{&calls}, {}, journal);
    return journal_of(scratch / name);
  };
  go("first", small());
  const int all = calls;
  PaperSearch other = small();
  other.strategy.prune.tolerance = 0.3;
  const std::string alone = go("alone", other);
  const int alone_calls = calls;
  EXPECT_EQ(go("forked", other, {.fork = scratch / "first"}), alone);
  EXPECT_LT(calls, alone_calls);  // at least Grow is the same
  EXPECT_EQ(go("copied", small(), {.fork = scratch / "first"}), journal_of(scratch / "first"));
  EXPECT_EQ(calls, 0);
  EXPECT_GT(all, 15);
}

TEST(Journal, AForkOfAnotherEvaluatorOrSeedIsRefused) {
  const Scratch scratch;
  run(scratch / "run", 5);
  const auto refusal_of = [&](const testing::Landscape& landscape, std::uint64_t seed,
                              const std::filesystem::path& fork) {
    return message_of<SearchError>([&] {
      Journal journal(scratch / "other", {.fork = fork});
      small().run(landscape, {.seed = seed}, journal);
    });
  };
  EXPECT_EQ(refusal_of({4, 9}, 2, scratch / "run"),
            (scratch / "run" / "journal.jsonl").string() +
                ":1: its outcomes are not those of this search, which differs in "
                "options/evaluator.world (\"3\" there, \"4\" now), seed (1 there, 2 now); start "
                "from another run");
  EXPECT_THAT(refusal_of(kLandscape, 1, scratch / "nowhere"),
              HasSubstr("is no journal to start from"));
  EXPECT_EQ(journal_of(scratch / "other"), "");  // nothing was written
}

TEST(Journal, WhatWorkersFinishedEarlyIsNotEvaluatedAgainAfterAKill) {
  const Scratch scratch;
  int calls = 0;
  const Search<RandomStrategy, FixedEpochRanker, SepConvSpace> search({.trials = 6}, {.epochs = 3});
  History<SepConvSpace> history;
  {
    Journal journal(scratch / "whole");
    search.run(Counted{&calls}, {}, journal, history);
  }
  const auto early = scratch / "run" / "early.jsonl";
  {
    Journal journal(scratch / "run");
    search.run(Counted{&calls}, {.max_trials = 2}, journal);
    for (const std::size_t i : {4u, 5u})
      journal.on_early_outcome(history.entries[i].trial, history.entries[i].outcome);
  }
  std::ofstream(early, std::ios::app) << "{\"event\":\"tri";  // torn by a kill
  calls = 0;
  {
    Journal journal(scratch / "run");
    search.run(Counted{&calls}, {}, journal);
  }
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(journal_of(scratch / "run"), journal_of(scratch / "whole"));
  EXPECT_FALSE(std::filesystem::exists(early));  // the search has come to its end
}

TEST(Journal, TextsOfAnyKindSurvive) {
  struct Odd {
    Outcome evaluate(const Trial<Architecture>& trial) const {
      if (trial.number % 2 == 1)
        throw std::runtime_error("quote \" backslash \\ newline \n tab \t and bytes \xff\x80");
      return Outcome({1, 3}, {}, trial.fidelity.epochs, 0.1 + 0.2);
    }
  };
  const Scratch scratch;
  const auto search = Search<RandomStrategy, FixedEpochRanker, SepConvSpace>({.trials = 4});
  std::string whole;
  for (int i = 0; i < 2; ++i) {
    Journal journal(scratch / "run");
    const auto found = search.run(Odd{}, {}, journal);
    EXPECT_EQ(found.cost.failures, 2);
    EXPECT_EQ(found.cost.seconds, 0.1 + 0.2 + (0.1 + 0.2));
    if (i == 0) whole = journal_of(scratch / "run");
    EXPECT_EQ(journal_of(scratch / "run"), whole);
  }
  EXPECT_EQ(lines_of(whole).size(), 5u);
}

}  // namespace
}  // namespace nascent
