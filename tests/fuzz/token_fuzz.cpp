// ID tokens and key sets that a provider, or somebody in its place, hands out; cookies that
// browsers send.

#include <string>

#include "daemon/http/cookie.hpp"
#include "integrations/oidc/id_token.hpp"
#include "tests/fuzz/demand.hpp"
#include "tests/fuzz/fields.hpp"

namespace fristvakt::fuzz {
namespace {

using integrations::check_id_token;
using integrations::IdTokenExpected;

/// Of a key whose other half is nobody's: nothing that it is asked to check is good.
const std::string kKeySet =
    R"({"keys":[{"kty":"RSA","kid":"1","use":"sig","alg":"RS256","e":"AQAB","n":")"
    "1KEGizd0SDiqU8NN8jbR68A9Hhw8Mxf7jdrN0m5WCEl7x1Awcqsu5wPhGYWjoP_hdUc5vYAT1ga-9p3V"
    "2l5mJDdix9fNNJ0piLgNd1tvfOa8gnpKMbeux0ax3B6WzXliNoNWr2RN3EjIhlRnZaXut0ijqElQzQ7Y"
    "bJ4XBYeg_83XR59bj_PMEl4GSIGqrsNQ_pTRgoJBLB55RcG3AlUJw5wYza0Yu8HorWmmhxy6Fs7ydxb0"
    "7bjUog5dYSIPuUxFLpemZZKdjrC3u8PtRG09TuP7xgr1dy23bSZX_tJLQgkOLEVL-xHZAg2_q2_JJaji"
    "Hn6YXxIMBS-scOISdgvLIw"
    R"("}]})";

const IdTokenExpected kExpected{.issuer = "https://login.example",
                                .client_id = "fristvakt",
                                .nonce = "n",
                                .now = workflows::Instant{workflows::Seconds{1'700'000'000}}};

void try_cookies(const std::string& line) {
    daemon::HttpRequest request;
    request.headers = {{"cookie", line}};
    for (const char* name : {"lang", "hvem", "__Host-sesjon", ""}) {
        const std::string_view value = daemon::cookie_of(request, name);
        demand(value.find(';') == std::string_view::npos, "a cookie ends where the next begins",
               line);
        demand(value.empty() || line.find(value) != std::string::npos, "a cookie was sent", line);
    }
}

}  // namespace
}  // namespace fristvakt::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fristvakt::fuzz;
    Fields fields{text_of(data, size)};
    const std::string token = fields.next();
    const std::string key_set = fields.next();
    const auto checked = check_id_token(token, kKeySet, kExpected);
    demand(!checked.ok(), "nobody has signed it", token);
    if (token.size() > 40) {
        demand(checked.error().message.find(token.substr(0, 40)) == std::string::npos,
               "no token stands in an error", checked.error().message);
    }
    (void)check_id_token(token, key_set, kExpected);
    try_cookies(fields.next());
    return 0;
}
