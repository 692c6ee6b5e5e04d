#include "nascent/export/trained_network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "../support/support.hpp"
#include "example.hpp"

namespace nascent {
namespace {

using testing::HasSubstr;

TEST(TrainedNetwork, IsReadAsItWasWritten) {
  const Scratch scratch;
  TrainedNetwork network = trained_example();
  network.weights.metadata["architecture"] = "my own";
  network.mean = {0.2860402};
  network.write(scratch / "w.safetensors");
  const TrainedNetwork read = TrainedNetwork::read(scratch / "w.safetensors");
  EXPECT_EQ(to_string(read.description), to_string(network.description));
  EXPECT_EQ(read.mean, network.mean);
  EXPECT_EQ(read.deviation, network.deviation);
  EXPECT_EQ(read.classes, network.classes);
  EXPECT_EQ(read.weights.metadata.at("architecture"), "my own");
  EXPECT_EQ(read.weights.values<float>("classifier.bias"),
            network.weights.values<float>("classifier.bias"));
}

TEST(TrainedNetwork, MayKnowNeitherItsClassesNorItsNormalisation) {
  const Scratch scratch;
  TrainedNetwork network = trained_example();
  network.classes.clear();
  network.mean.clear();
  network.deviation.clear();
  network.write(scratch / "w.safetensors");
  const TrainedNetwork read = TrainedNetwork::read(scratch / "w.safetensors");
  EXPECT_TRUE(read.classes.empty() && read.mean.empty() && read.deviation.empty());
}

TEST(TrainedNetwork, WritesNamesOfFoldersThatAreNoUtf8) {
  const Scratch scratch;
  TrainedNetwork network = trained_example();
  network.classes = {"caf\xE9", "b", "c"};
  network.write(scratch / "w.safetensors");
  EXPECT_EQ(TrainedNetwork::read(scratch / "w.safetensors").classes[1], "b");
}

/// What reading says of the example with another value, or none, in its metadata.
std::string complaint(const std::string& key, const std::string& value) {
  const Scratch scratch;
  trained_example().write(scratch / "w.safetensors");
  Safetensors file = Safetensors::read(scratch / "w.safetensors");
  if (value.empty())
    file.metadata.erase(key);
  else
    file.metadata[key] = value;
  file.write(scratch / "w.safetensors");
  return message_of<DataError>([&] { TrainedNetwork::read(scratch / "w.safetensors"); });
}

TEST(TrainedNetwork, SaysWhatIsWrongWithAFile) {
  EXPECT_THAT(complaint("network", ""),
              HasSubstr("does not say what network its weights belong to"));
  EXPECT_THAT(complaint("network", "nonsense"),
              HasSubstr("w.safetensors: its metadata is damaged: line 1 of the network"));
  EXPECT_THAT(complaint("mean", "[0.5"), HasSubstr("its metadata is damaged"));
  EXPECT_THAT(complaint("mean", "[0.5, 0.5]"), HasSubstr("no mean and deviation for each channel"));
  EXPECT_THAT(complaint("deviation", ""), HasSubstr("no mean and deviation for each channel"));
  EXPECT_THAT(complaint("classes", "[\"a\"]"),
              HasSubstr("names 1 classes where the network has 3"));
}

}  // namespace
}  // namespace nascent
