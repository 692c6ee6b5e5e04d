#include "nascent/space/literal.hpp"

#include <gtest/gtest.h>

#include "nascent/space/sep_conv_space.hpp"

namespace nascent {
namespace {

TEST(Literal, IsTheArchitectureThatItsTextNames) {
  const Architecture literally = literal<tiny(), "d10 w16 ops=ssscsscsss kernels=3353335333">();
  EXPECT_EQ(to_string(literally), "d10 w16 ops=ssscsscsss kernels=3353335333");
}

// tests/compile_fail/literal_*.cpp show what a user is told.
using detail::literal_fault;
using detail::LiteralFault;

TEST(Literal, ComesUnderTheBoundsOfTheSpaceThatItIsGiven) {
  constexpr std::string_view kWide = "d10 w100 ops=ssssssssss kernels=3333333333";
  static_assert(literal_fault(tiny(), kWide) == LiteralFault::width);
  static_assert(literal_fault(mobile(), kWide) == LiteralFault::none);
  static_assert(literal_fault(SepConvSpace{{.depth = {11, 100}, .width = {16, 128}}}, kWide) ==
                LiteralFault::depth);
}

TEST(Literal, IsRefusedByTheCompilerWhereTheSpaceRefusesItsText) {
  constexpr std::string_view kTexts[] = {"d10 w64 ops=ssssssssss kernels=3333333333",
                                         "d10 w15 ops=ssssssssss kernels=3333333333",
                                         "  d10  w64 ops=cccccccccc kernels=5555555555 ",
                                         "d9 w64 ops=sssssssss kernels=333333333",
                                         "d101 w64 ops=s kernels=3",
                                         "d10 w65 ops=ssssssssss kernels=3333333333",
                                         "d10 w0 ops=ssssssssss kernels=3333333333",
                                         "d10 w64 ops=sssssssssx kernels=3333333333",
                                         "d10 w64 ops=ssssssssss kernels=3333333337",
                                         "d10 w64 ops=ssssssssss kernels=3333333334",
                                         "d10 w64 ops=ssssssssss kernels=333333333",
                                         "d10 w64 ops=sssssssss kernels=3333333333",
                                         "d10 w64 ops=ssssssssss",
                                         "d w64 ops=ssssssssss kernels=3333333333",
                                         "d10 w64 ops=ssssssssss kernels=3333333333 d",
                                         "d99999999999 w64 ops=s kernels=3",
                                         "w64 d10 ops=ssssssssss kernels=3333333333",
                                         ""};
  for (const std::string_view text : kTexts) {
    bool parsed = true;
    try {
      tiny().parse(text);
    } catch (const std::invalid_argument&) {
      parsed = false;
    }
    EXPECT_EQ(literal_fault(tiny(), text) == LiteralFault::none, parsed) << text;
  }
}

}  // namespace
}  // namespace nascent
