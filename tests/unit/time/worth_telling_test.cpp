#include "workflows/time/worth_telling.hpp"

#include <gtest/gtest.h>

namespace fristvakt::tests {
namespace {

using workflows::Derivation;
using workflows::Language;

using Lines = std::vector<std::string>;

TEST(WorthTelling, IsWhatWasReckonedAndNotWhatWasGiven) {
    EXPECT_EQ(worth_telling({.nb = {"man 2021-01-25"}, .nn = {}}, Language::Nb), Lines{});
    EXPECT_EQ(worth_telling({.nb = {"man 2021-01-25 kl. 15.00"}, .nn = {}}, Language::Nb), Lines{});
    EXPECT_EQ(worth_telling({}, Language::Nn), Lines{});
    const Lines counted{"man 2021-01-25 − 3 arbeidsdager = ons 2021-01-20"};
    EXPECT_EQ(worth_telling({.nb = counted, .nn = {}}, Language::Nb), counted);
    const Lines moved{"søn 2021-01-24", "søndag, § 149 → man 2021-01-25"};
    EXPECT_EQ(worth_telling({.nb = moved, .nn = {}}, Language::Nb), moved);
    const Lines jumped{"laurdag, hoppa over: 3 heilagdagar"};
    EXPECT_EQ(worth_telling({.nb = {}, .nn = jumped}, Language::Nn), jumped);
}

}  // namespace
}  // namespace fristvakt::tests
