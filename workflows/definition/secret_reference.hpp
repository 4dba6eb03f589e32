#pragma once

#include <string>

namespace fristvakt::workflows {

/// A secret by reference; the value is read where it is used and nowhere else.
struct SecretReference {
    enum class Kind { None, Credential, File, Environment };
    Kind kind{Kind::None};
    std::string name;
};

}  // namespace fristvakt::workflows
