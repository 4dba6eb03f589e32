#include "integrations/sqlite/state_folder.hpp"

#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/store/store_support.hpp"

namespace fristvakt::tests {
namespace {

using integrations::StateFolder;
using workflows::ErrorKind;

TEST(StateFolder, IsMadeForItsOwnerOnly) {
    const TemporaryFolder folder;
    const auto path = folder / "a" / "state";
    const auto missing = StateFolder::lock(path, false);
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().kind, ErrorKind::NotFound);
    const auto held = StateFolder::lock(path, true);
    ASSERT_TRUE(held.ok()) << held.error().message;
    struct stat status {};
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0700U);
    EXPECT_EQ(held.value().database(), path / "state.db");
    EXPECT_EQ(held.value().spool(), path / "spool");
}

TEST(StateFolder, IsHeldByOneAndNamesIt) {
    const TemporaryFolder folder;
    auto held = std::optional(value_of(StateFolder::lock(folder.path(), true)));
    const auto second = StateFolder::lock(folder.path(), true);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().kind, ErrorKind::Conflict);
    EXPECT_NE(second.error().message.find("process " + std::to_string(::getpid())),
              std::string::npos)
        << second.error().message;
    held.reset();
    EXPECT_TRUE(StateFolder::lock(folder.path(), false).ok());
}

TEST(StateFolder, MovesWithItsLock) {
    const TemporaryFolder folder;
    auto first = value_of(StateFolder::lock(folder.path(), true));
    const StateFolder second = std::move(first);
    EXPECT_FALSE(StateFolder::lock(folder.path(), true).ok());
}

TEST(StateFolder, SaysWhatItCannotMake) {
    const auto made = StateFolder::lock("/proc/fristvakt/state", true);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().kind, ErrorKind::Unavailable);
}

}  // namespace
}  // namespace fristvakt::tests
