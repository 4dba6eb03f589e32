#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "workflows/definition/definitions.hpp"
#include "workflows/result.hpp"

namespace fristvakt::integrations {

/// A password or token. It cannot be printed, logged, copied or compared by accident, and is wiped
/// when its object ends. Who needs the value asks for it by name: `reveal()`.
class Secret {
 public:
    Secret() = default;
    explicit Secret(std::string value);
    ~Secret();
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    bool operator==(const Secret&) const = delete;

    /// Ends with a NUL, for C; lives as long as this object stays where it is.
    [[nodiscard]] std::string_view reveal() const { return value_; }
    [[nodiscard]] bool empty() const { return value_.empty(); }
    /// In constant time for values of the same length.
    [[nodiscard]] bool matches(std::string_view other) const;

 private:
    void wipe();
    std::string value_;
};

template <typename Stream>
Stream& operator<<(Stream&, const Secret&) = delete;

/// A secret holds at most this much; more is a mistake in the reference.
inline constexpr std::size_t kSecretBytesMax = 64UL * 1024;

/// Reads the value that `reference` names; line ends behind it are taken off.
///
/// A credential is the file NAME in $CREDENTIALS_DIRECTORY, which systemd sets (LoadCredential=).
/// InvalidInput: no such secret, an empty one, a file that others than owner and group can read, a
/// credential name with a slash. The error says which and what to do, and never shows the value.
[[nodiscard]] workflows::Result<Secret> read_secret(const workflows::SecretReference& reference);

}  // namespace fristvakt::integrations
