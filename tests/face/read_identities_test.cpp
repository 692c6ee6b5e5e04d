#include "nascent/face/read_identities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "../support/support.hpp"

namespace nascent {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Two people of one pixel each, packed by the system's tar with this option.
std::string packed(const Scratch& scratch, const std::string& name, const std::string& option) {
  for (const std::string person : {"s2", "s10"}) {
    std::filesystem::create_directories(scratch / ("faces/" + person));
    scratch.write("faces/" + person + "/1.pgm", "P2 1 1 255 " + person.substr(1));
  }
  const std::string command =
      "cd " + (scratch / "").string() + " && tar c" + option + "f " + name + " ./faces";
  EXPECT_EQ(std::system(command.c_str()), 0);
  return (scratch / name).string();
}

TEST(ReadIdentities, ReadsFoldersAndArchivesAlike) {
  const Scratch scratch;
  for (const auto& [name, option] : {std::pair{"f.tar", ""}, {"f.tar.gz", "z"}}) {
    const IdentitySet set = read_identities(packed(scratch, name, option), {1, 1});
    EXPECT_THAT(set.names, ElementsAre("s2", "s10"));
    EXPECT_THAT(set.images.pixels, ElementsAre(2, 10));
  }
  EXPECT_THAT(read_identities(scratch / "faces", {1, 1}).images.pixels, ElementsAre(2, 10));
}

TEST(ReadIdentities, SaysThatAnArchiveIsDamagedOrMissing) {
  const Scratch scratch;
  const std::string whole = read_file(packed(scratch, "f.tar.gz", "z"));
  const std::string cut = scratch.write("cut.tar.gz", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(message_of<DataError>([&] { read_identities(cut); }),
              HasSubstr("truncated gzip input"));
  EXPECT_THAT(message_of<DataError>([&] { read_identities(scratch / "nowhere.tar"); }),
              HasSubstr("nowhere.tar cannot be opened as a tar archive"));
}

}  // namespace
}  // namespace nascent
