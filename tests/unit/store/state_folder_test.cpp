#include "integrations/sqlite/state_folder.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "integrations/sqlite/maintenance.hpp"
#include "integrations/sqlite/sqlite_store.hpp"
#include "tests/unit/store/store_support.hpp"

namespace fristvakt::tests {
namespace {

using integrations::StateFolder;
using workflows::ErrorKind;

unsigned rights_of(const std::filesystem::path& file) {
    struct stat status {};
    EXPECT_EQ(::stat(file.c_str(), &status), 0) << file;
    return status.st_mode & 0777U;
}

TEST(StateFolder, LetsOnlyItsOwnerReadTheDatabase) {
    const TemporaryFolder folder;
    const auto path = folder / "state.db";
    {
        const auto made = integrations::SqliteStore::open(path, {.create = true});
        ASSERT_TRUE(made.ok());
        EXPECT_EQ(rights_of(path), 0600U);
        EXPECT_EQ(rights_of(path.string() + "-wal"), 0600U);
    }
    std::filesystem::permissions(path, std::filesystem::perms{0644});
    ASSERT_TRUE(integrations::SqliteStore::open(path, {}).ok());
    EXPECT_EQ(rights_of(path), 0600U) << "one that an earlier version made is closed too";
}

TEST(StateFolder, BelongsToItsOwnerWhateverRootDoesInIt) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can give files away";
    }
    constexpr uid_t kService = 65534;
    const TemporaryFolder folder;
    const auto state = folder / "state";
    std::filesystem::create_directory(state);
    ASSERT_EQ(::chown(state.c_str(), kService, kService), 0);
    {
        const auto made = integrations::SqliteStore::open(folder / "other.db", {.create = true});
        ASSERT_TRUE(made.ok());
    }
    ASSERT_TRUE(
        integrations::backup(folder / "other.db", folder / "copy.db", integrations::Overwrite::No)
            .ok());
    const auto restored = integrations::restore(folder / "copy.db", state, {});
    ASSERT_TRUE(restored.ok()) << restored.error().message;
    for (const char* name : {"lock", "state.db"}) {
        struct stat status {};
        ASSERT_EQ(::stat((state / name).c_str(), &status), 0);
        EXPECT_EQ(status.st_uid, kService) << name;
    }
}

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
