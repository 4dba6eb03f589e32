#include "integrations/secrets/secret.hpp"

#include <concepts>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/temporary_folder.hpp"

namespace fristvakt::integrations {
namespace {

namespace fs = std::filesystem;
using workflows::ErrorKind;
using workflows::SecretReference;
using Kind = SecretReference::Kind;

template <typename Type>
concept Printable = requires(std::ostream& out, const Type& value) {
    out << value;
};
template <typename Type>
concept Comparable = requires(const Type& one, const Type& other) {
    one == other;
};

static_assert(!Printable<Secret>);
static_assert(!Comparable<Secret>);
static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<std::string, Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

/// One thread runs here.
void set_variable(const char* name, const std::string& value) {
    ::setenv(name, value.c_str(), 1);  // NOLINT(concurrency-mt-unsafe)
}
void unset_variable(const char* name) {
    ::unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
}

class Secrets : public testing::Test {
 public:
    Secrets(const Secrets&) = delete;
    Secrets& operator=(const Secrets&) = delete;

 protected:
    Secrets() = default;
    ~Secrets() override {
        unset_variable("CREDENTIALS_DIRECTORY");
        unset_variable("FRISTVAKT_TEST_SECRET");
    }

    std::string write(const std::string& name, const std::string& content, mode_t mode = 0600) {
        const fs::path file = folder_ / name;
        std::ofstream{file, std::ios::binary} << content;
        EXPECT_EQ(::chmod(file.c_str(), mode), 0);
        return file.string();
    }
    static void refused(const SecretReference& reference, const std::string& message) {
        const auto secret = read_secret(reference);
        ASSERT_FALSE(secret.ok());
        EXPECT_EQ(secret.error().kind, ErrorKind::InvalidInput);
        EXPECT_EQ(secret.error().message, message);
        EXPECT_EQ(secret.error().message.find("hunter2"), std::string::npos);
    }

    tests::TemporaryFolder folder_;
};

TEST_F(Secrets, ReadFromAFileWithoutItsLineEnd) {
    for (const char* content : {"hunter2", "hunter2\n", "hunter2\r\n", "hunter2\n\n"}) {
        const auto secret = read_secret({.kind = Kind::File, .name = write("password", content)});
        ASSERT_TRUE(secret.ok());
        EXPECT_EQ(secret.value().reveal(), "hunter2");
    }
    const auto spaced = read_secret({.kind = Kind::File, .name = write("password", " a b \n")});
    ASSERT_TRUE(spaced.ok());
    EXPECT_EQ(spaced.value().reveal(), " a b ");
}

TEST_F(Secrets, ReadFromTheCredentialsOfTheService) {
    (void)write("smtp-password", "hunter2\n", 0400);
    set_variable("CREDENTIALS_DIRECTORY", folder_.path().string());
    const auto secret = read_secret({.kind = Kind::Credential, .name = "smtp-password"});
    ASSERT_TRUE(secret.ok());
    EXPECT_EQ(secret.value().reveal(), "hunter2");
}

TEST_F(Secrets, ReadFromTheEnvironment) {
    set_variable("FRISTVAKT_TEST_SECRET", "hunter2");
    const auto secret = read_secret({.kind = Kind::Environment, .name = "FRISTVAKT_TEST_SECRET"});
    ASSERT_TRUE(secret.ok());
    EXPECT_EQ(secret.value().reveal(), "hunter2");
}

TEST_F(Secrets, AFileOpenToEverybodyIsRefused) {
    for (const mode_t mode : {0644U, 0606U, 0602U, 0601U}) {
        const std::string path = write("password", "hunter2", mode);
        std::string told = "file " + path;
        told += " is open to everybody on this machine; run: chmod 600 ";
        told += path;
        refused({.kind = Kind::File, .name = path}, told);
    }
    const std::string path = write("password", "hunter2", 0640);
    EXPECT_TRUE(read_secret({.kind = Kind::File, .name = path}).ok());
}

TEST_F(Secrets, WhatIsNotThereIsNamed) {
    refused({}, "no secret is named");
    const std::string missing = (folder_ / "missing").string();
    refused({.kind = Kind::File, .name = missing},
            "file " + missing +
                " cannot be read (No such file or directory); see that it exists and that the user "
                "who runs fristvakt may read it");
    refused({.kind = Kind::File, .name = folder_.path().string()},
            "file " + folder_.path().string() + " is no file");
    refused({.kind = Kind::Environment, .name = "FRISTVAKT_TEST_SECRET"},
            "environment variable FRISTVAKT_TEST_SECRET is not set");
    refused({.kind = Kind::Credential, .name = "smtp-password"},
            "credential smtp-password is not there: CREDENTIALS_DIRECTORY is not set; run under "
            "systemd with LoadCredential=smtp-password:PATH, or use {file: PATH}");
    for (const char* name : {"../shadow", "a/b", "", ".", ".."}) {
        refused({.kind = Kind::Credential, .name = name},
                std::string{"credential "} + name +
                    ": a credential has a plain name, without slash or leading dot");
    }
}

TEST_F(Secrets, WhatCannotBeASecretIsRefused) {
    std::string path = write("password", "\n");
    refused({.kind = Kind::File, .name = path},
            "file " + path + " is empty; write the secret into it");
    path = write("password", std::string{"hunter2\0x", 9});
    refused({.kind = Kind::File, .name = path}, "file " + path + " holds a NUL; it must be text");
    path = write("password", std::string(kSecretBytesMax + 1, 'x'));
    refused({.kind = Kind::File, .name = path}, "file " + path + " is larger than a secret can be");
    set_variable("FRISTVAKT_TEST_SECRET", "");
    refused({.kind = Kind::Environment, .name = "FRISTVAKT_TEST_SECRET"},
            "environment variable FRISTVAKT_TEST_SECRET is empty; write the secret into it");
}

TEST(Secret, MovesAndLeavesNothingBehind) {
    for (const std::string& value : {std::string{"short"}, std::string(100, 'x')}) {
        Secret first{value};
        Secret second{std::move(first)};
        EXPECT_EQ(second.reveal(), value);
        // That nothing is left is what is looked at.
        const bool is_left_empty =
            first.empty();  // NOLINT(bugprone-use-after-move,clang-analyzer-*)
        EXPECT_TRUE(is_left_empty);
        Secret third{"another"};
        third = std::move(second);
        EXPECT_EQ(third.reveal(), value);
        EXPECT_EQ(third.reveal().data()[value.size()], '\0');
    }
}

TEST(Secret, IsMatchedWithoutBeingShown) {
    const Secret secret{"hunter2"};
    EXPECT_TRUE(secret.matches("hunter2"));
    EXPECT_FALSE(secret.matches("hunter3"));
    EXPECT_FALSE(secret.matches("hunter"));
    EXPECT_FALSE(secret.matches(""));
    EXPECT_TRUE(Secret{}.matches(""));
    EXPECT_TRUE(Secret{}.empty());
}

}  // namespace
}  // namespace fristvakt::integrations
