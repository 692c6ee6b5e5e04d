#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "../support/support.hpp"
#include "example.hpp"
#include "nascent/export/cpp_source.hpp"
#include "nascent/export/python_source.hpp"
#include "nascent/export/statements.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> variables(const NetworkDescription& description) {
  std::vector<std::string> lines;
  for (const Statement& s : statements(description))
    lines.push_back(s.out + " <- " + s.in + (s.other.empty() ? "" : " " + s.other));
  return lines;
}

TEST(Statements, UseOneVariableForAChain) {
  NetworkBuilder net({{1, 8, 8}, 3});
  net.convolution({.channels = 4}).batch_norm().relu().global_average_pool().linear(3);
  EXPECT_THAT(variables(std::move(net).finish()),
              ElementsAre("x <- x", "x <- x", "x <- x", "x <- x", "x <- x"));
}

TEST(Statements, KeepWhatALaterLayerReads) {
  EXPECT_THAT(variables(residual_network()),
              ElementsAre("x <- x", "x <- x", "x1 <- x", "x1 <- x1", "x <- x1 x", "x <- x",
                          "x <- x", "x <- x"));
}

TEST(Statements, KeepTheImageAndWhatNobodyReads) {
  NetworkBuilder net({{1, 8, 8}, 1});
  net.relu();
  net.from(LayerDescription::kImage).relu();
  net.from(LayerDescription::kImage).relu().add(LayerDescription::kImage);
  EXPECT_THAT(variables(std::move(net).finish()),
              ElementsAre("x1 <- x", "x2 <- x", "x3 <- x", "x <- x3 x"));
}

TEST(PythonSource, IsAModuleOfTheNamesInTheWeights) {
  const std::string text = python_source(trained_example(), {"net"});
  EXPECT_THAT(text, HasSubstr("1 x 8 x 8 images, 3 classes, 95 parameters"));
  EXPECT_THAT(text, HasSubstr("CLASSES = [\"a\", \"b\", \"say \\\"c\\\"\"]\n"));
  EXPECT_THAT(text, HasSubstr("MEAN = [0.5]\nDEVIATION = [0.25]\n"));
  EXPECT_THAT(text, HasSubstr(R"(
        self.mixlayers = nn.ModuleDict({
            "0": nn.ModuleDict({
                "op": nn.ModuleDict({
                    "1": nn.Conv2d(4, 4, 3, padding=1, groups=4, bias=False),
                }),
            }),
        })
        self.classifier = nn.Linear(4, 3)
)"));
  EXPECT_THAT(text, HasSubstr(R"(
        x = self.stem["1"](x)
        x1 = torch.relu(x)
        x1 = self.mixlayers["0"]["op"]["1"](x1)
        x = x1 + x
        x = F.avg_pool2d(x, [3, 3], [1, 1], [1, 1], False, False)
        x = torch.mean(x, [2, 3], True)
        x = self.classifier(torch.flatten(x, 1))
        return x
)"));
  EXPECT_THAT(text, HasSubstr("with_name(\"net.safetensors\"), normalise=False)"));
  EXPECT_THAT(python_source(trained_example(), {"net", true}), HasSubstr("normalise=True)"));
}

TEST(CppSource, IsAModuleOfItsOwnNamespace) {
  const std::string text = cpp_source(trained_example(), {"net", true});
  EXPECT_THAT(text, HasSubstr("namespace net {"));
  EXPECT_THAT(text, HasSubstr("convolution(4, 4, 3, 1, 4)"));
  EXPECT_THAT(text, HasSubstr("    x = (x - mean) / deviation;\n"));
  EXPECT_THAT(text, HasSubstr("    torch::Tensor x1 = torch::relu(x);\n"));
  EXPECT_THAT(text, HasSubstr("    load(weights, \"mixlayers.0.op.1\", *mixlayers_0_op_1);\n"));
  EXPECT_THAT(text, Not(HasSubstr("nascent/")));
}

TEST(CppSource, RefusesANameThatIsNoneOfCpp) {
  for (const std::string name : {"", "7th", "my-net"})
    EXPECT_THAT(message_of<std::invalid_argument>([&] { cpp_source(trained_example(), {name}); }),
                HasSubstr("'" + name + "' cannot be a namespace of C++"));
}

TEST(Sources, OfAnUnknownNormalisationLeaveItOut) {
  TrainedNetwork network = trained_example();
  network.mean.clear();
  network.deviation.clear();
  EXPECT_THAT(python_source(network), Not(HasSubstr("MEAN")));
  EXPECT_THAT(cpp_source(network), Not(HasSubstr("kMean")));
  for (const auto& source : {python_source, cpp_source})
    EXPECT_THAT(message_of<std::invalid_argument>([&] {
                  source(network, {"net", true});
                }),
                HasSubstr("do not say how their images were normalised"));
}

}  // namespace
}  // namespace nascent
