#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "daemon/http/http_message.hpp"
#include "integrations/embedded/embedded_file.hpp"

namespace fristvakt::daemon {

/// What the pages load: style sheets, the sign in the tab, licences. Each under a name that changes
/// with its content, so that browsers keep it for ever. Immutable after construction.
class Assets {
 public:
    /// Takes in *.css, *.js, *.svg and *.txt; compresses each once.
    explicit Assets(std::span<const integrations::EmbeddedFile> files);

    /// "/a/fristvakt.3f2c1a….css" for "fristvakt.css". REQUIRES: there is such a file.
    [[nodiscard]] const std::string& url(std::string_view path) const;
    /// Answers `/a/{name}`; 404 for a name not known.
    [[nodiscard]] HttpResponse serve(const HttpRequest& request) const;

 private:
    struct Asset {
        std::string type;
        std::string plain;
        std::string gzip;  ///< Empty when it would not be smaller.
    };
    std::map<std::string, Asset, std::less<>> by_name_;
    std::map<std::string, std::string, std::less<>> url_by_path_;
};

}  // namespace fristvakt::daemon
