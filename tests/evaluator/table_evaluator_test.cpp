#include "nascent/evaluator/table_evaluator.hpp"

#include <cmath>

#include "../support/support.hpp"
#include "nascent/evaluator/read_table.hpp"
#include "nascent/space/nas_bench_201_space.hpp"

namespace nascent {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(ReadTable, ReadsWhatIsAskedFor) {
  const Scratch scratch;
  const std::string path =
      scratch.write("t.csv",
                    "# measured by hand\n\xEF\xBB\xBF");  // a comment, and no columns
  EXPECT_THAT(message_of<std::invalid_argument>([&] { read_table(path); }),
              HasSubstr("t.csv:2: column 'code' is missing"));
  scratch.write("t.csv",
                "\xEF\xBB\xBF# measured by hand\r\ncode,val,name,flops\r\n\r\n"
                "000001, 91.5,one,1e3\r\n\"1\",-2,\"two\",.5");
  const Table table = read_table(path, {"flops", "val"});
  EXPECT_THAT(table.columns(), ElementsAre("flops", "val"));
  EXPECT_THAT(table.codes(), ElementsAre("000001", "1"));
  EXPECT_EQ(table.number(0, 0), 1000);
  EXPECT_EQ(table.number(0, 1), 91.5);
  EXPECT_EQ(table.number(1, 0), 0.5);
  EXPECT_EQ(table.number(1, 1), -2);
}

TEST(ReadTable, ComplaintsNameFileLineAndColumn) {
  const Scratch scratch;
  const auto complaint = [&](const std::string& text,
                             const std::vector<std::string>& columns = {}) {
    const std::string path = scratch.write("t.csv", text);
    std::string message = message_of<std::invalid_argument>([&] { read_table(path, columns); });
    return message.substr(std::min(message.size(), message.find("t.csv:")));
  };
  EXPECT_EQ(complaint(""), "t.csv:0: the line of column names is missing");
  EXPECT_EQ(complaint("a,b\n1,2\n"), "t.csv:1: column 'code' is missing; there are a, b");
  EXPECT_EQ(complaint("code,a\n1,2\n", {"b"}), "t.csv:1: column 'b' is missing; there are code, a");
  EXPECT_EQ(complaint("code,a\n"), "t.csv:1: there are no rows");
  EXPECT_EQ(complaint("code,a\n1,2\n#\n2\n"), "t.csv:4: 1 cells, expected 2");
  EXPECT_EQ(complaint("code,a\n1,2x\n"), "t.csv:2: column 'a': '2x' is no number");
  EXPECT_EQ(complaint("code,a\n1,\n"), "t.csv:2: column 'a': '' is no number");
  EXPECT_EQ(complaint("code,a\n,1\n"), "t.csv:2: column 'code' is empty");
  EXPECT_THAT(complaint("code,a\n1,1\n1,2\n"), HasSubstr("t.csv:3: code '1' occurs twice"));
  EXPECT_THAT(complaint("code,a,a\n1,1,1\n"), HasSubstr("t.csv:1: column 'a' occurs twice"));
  for (const std::string& nothing :
       std::vector{(scratch / "none.csv").string(), (scratch / "").string()})
    EXPECT_THAT(message_of<DataError>([&] { read_table(nothing); }), HasSubstr("cannot be opened"));
}

TEST(TableEvaluator, AnswersByTheCodeAndTrainsNothing) {
  Table table({"val", "test"});
  table.add("433323", {90.06, 91});
  table.add("000000", {std::nan(""), 1});
  const auto shared = std::make_shared<const Table>(std::move(table));
  const NasBench201Space space;
  const auto ask = [&](const std::string& code, const std::string& metric) {
    return TableEvaluator(shared, metric)
        .evaluate(Trial<NasBench201Cell>(0, {space.parse(code), Move::sample}, {.epochs = 7}, 1));
  };
  const Outcome known = ask("433323", "val");
  EXPECT_TRUE(known.ok());
  EXPECT_EQ(known.accuracy, Accuracy::of_percent(90.06));
  EXPECT_EQ(known.epochs, 0);
  EXPECT_EQ(ask("433323", "test").accuracy.percent(), 91);
  EXPECT_EQ(ask("433324", "val").failure, "not in the table");
  EXPECT_NE(message_of<std::domain_error>([&] { ask("000000", "val"); }), "");  // it fails there
  EXPECT_THAT(message_of<std::invalid_argument>([&] { TableEvaluator(shared, "acc"); }),
              HasSubstr("no column 'acc'; choose one of val, test"));
}

}  // namespace
}  // namespace nascent
