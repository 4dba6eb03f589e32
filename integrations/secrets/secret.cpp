#include "integrations/secrets/secret.hpp"

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fristvakt::integrations {
namespace {

using workflows::Error;
using workflows::ErrorKind;
using workflows::Result;
using workflows::SecretReference;

Error problem(const std::string& what) {
    return {.kind = ErrorKind::InvalidInput, .message = what};
}

std::string reason() {
    return std::generic_category().message(errno);
}

class Descriptor {
 public:
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg)
    explicit Descriptor(const std::string& path)
        : value_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~Descriptor() {
        if (value_ >= 0) {
            (void)::close(value_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int get() const { return value_; }

 private:
    int value_;
};

Result<Secret> trimmed(std::string value, const std::string& name) {
    // The string is shortened in place and moved on: no copy stays behind.
    while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) {
        value.pop_back();
    }
    if (value.empty()) {
        return problem(name + " is empty; write the secret into it");
    }
    if (value.find('\0') != std::string::npos) {
        sodium_memzero(value.data(), value.size());
        return problem(name + " holds a NUL; it must be text");
    }
    return Secret{std::move(value)};
}

Result<Secret> read_file(const std::string& path, const std::string& name) {
    const Descriptor file{path};
    if (file.get() < 0) {
        return problem(name + " cannot be read (" + reason() +
                       "); see that it exists and that the "
                       "user who runs fristvakt may read it");
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return problem(name + " is no file");
    }
    if ((status.st_mode & S_IRWXO) != 0) {
        return problem(name + " is open to everybody on this machine; run: chmod 600 " + path);
    }
    if (static_cast<std::size_t>(status.st_size) > kSecretBytesMax) {
        return problem(name + " is larger than a secret can be");
    }
    std::string value(static_cast<std::size_t>(status.st_size), '\0');
    std::size_t filled = 0;
    while (filled < value.size()) {
        const ssize_t count = ::read(file.get(), value.data() + filled, value.size() - filled);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            sodium_memzero(value.data(), value.size());
            return problem(name + " cannot be read (" + reason() + ")");
        }
        filled += static_cast<std::size_t>(count);
    }
    return trimmed(std::move(value), name);
}

Result<Secret> read_credential(const std::string& credential) {
    const std::string name = "credential " + credential;
    if (credential.empty() || credential.front() == '.' ||
        credential.find('/') != std::string::npos) {
        return problem(name + ": a credential has a plain name, without slash or leading dot");
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here ever sets a variable.
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr) {
        return problem(name +
                       " is not there: CREDENTIALS_DIRECTORY is not set; run under systemd "
                       "with LoadCredential=" +
                       credential + ":PATH, or use {file: PATH}");
    }
    return read_file(std::string{folder} + '/' + credential, name);
}

}  // namespace

Secret::Secret(std::string value) : value_(std::move(value)) {}

Secret::~Secret() {
    wipe();
}

// A short string leaves its characters behind when it is swapped, so that the other is wiped too.
Secret::Secret(Secret&& other) noexcept {
    value_.swap(other.value_);
    other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        value_.swap(other.value_);
        other.wipe();
    }
    return *this;
}

void Secret::wipe() {
    value_.resize(value_.capacity());
    sodium_memzero(value_.data(), value_.size());
    value_.clear();
}

bool Secret::matches(std::string_view other) const {
    return value_.size() == other.size() &&
           sodium_memcmp(value_.data(), other.data(), other.size()) == 0;
}

Result<Secret> read_secret(const SecretReference& reference) {
    switch (reference.kind) {
        case SecretReference::Kind::None:
            return problem("no secret is named");
        case SecretReference::Kind::Credential:
            return read_credential(reference.name);
        case SecretReference::Kind::File:
            return read_file(reference.name, "file " + reference.name);
        case SecretReference::Kind::Environment: {
            // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing here ever sets a variable.
            const char* value = std::getenv(reference.name.c_str());
            const std::string name = "environment variable " + reference.name;
            if (value == nullptr) {
                return problem(name + " is not set");
            }
            return trimmed(value, name);
        }
    }
    return problem("no secret is named");
}

}  // namespace fristvakt::integrations
