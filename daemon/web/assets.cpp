#include "daemon/web/assets.hpp"

#include <algorithm>

#include <zlib.h>

#include "workflows/assert.hpp"
#include "workflows/model/digest.hpp"

namespace fristvakt::daemon {
namespace {

std::string compress(std::string_view plain) {
    z_stream stream{};
    constexpr int kWithGzipHeader = 15 + 16;
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kWithGzipHeader, 9,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        return {};
    }
    std::string copy{plain};
    std::string out(deflateBound(&stream, plain.size()), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return ended == Z_STREAM_END && out.size() < plain.size() ? out : std::string{};
}

std::string type_of(std::string_view extension) {
    if (extension == "css") {
        return "text/css; charset=utf-8";
    }
    if (extension == "js") {
        return "text/javascript; charset=utf-8";
    }
    return extension == "svg" ? "image/svg+xml" : "text/plain; charset=utf-8";
}

/// True when the client says that it takes gzip, and does not take it back with q=0.
bool takes_gzip(const HttpRequest& request) {
    const std::string_view accepted = request.header("accept-encoding").value_or("");
    const std::size_t at = accepted.find("gzip");
    if (at == std::string_view::npos) {
        return false;
    }
    std::string_view rest = accepted.substr(at + 4);
    rest = rest.substr(0, rest.find(','));
    const std::size_t quality = rest.find("q=0");
    return quality == std::string_view::npos ||
           rest.find_first_of("123456789", quality + 3) != std::string_view::npos;
}

}  // namespace

Assets::Assets(std::span<const integrations::EmbeddedFile> files) {
    for (const integrations::EmbeddedFile& file : files) {
        const std::size_t dot = std::min(file.path.rfind('.'), file.path.size());
        const std::string extension{file.path.substr(std::min(dot + 1, file.path.size()))};
        if (extension != "css" && extension != "js" && extension != "svg" && extension != "txt") {
            continue;
        }
        std::string name{file.path.substr(0, dot)};
        std::ranges::replace(name, '/', '-');
        name += "." + workflows::sha256_hex(file.content).substr(0, 16) + "." + extension;
        url_by_path_.emplace(file.path, "/a/" + name);
        by_name_.emplace(std::move(name), Asset{.type = type_of(extension),
                                                .plain = std::string{file.content},
                                                .gzip = compress(file.content)});
    }
}

const std::string& Assets::url(std::string_view path) const {
    const auto found = url_by_path_.find(path);
    FRISTVAKT_ASSERT(found != url_by_path_.end());
    return found->second;
}

HttpResponse Assets::serve(const HttpRequest& request) const {
    const auto found = by_name_.find(request.parameter("name"));
    if (found == by_name_.end()) {
        return {.status = 404,
                .headers = {{"Content-Type", "text/plain; charset=utf-8"},
                            {"Cache-Control", "no-store"},
                            {"X-Content-Type-Options", "nosniff"}},
                .body = "Ingen slik fil. Last siden på nytt.\n"};
    }
    const Asset& asset = found->second;
    HttpResponse out{.status = 200,
                     .headers = {{"Content-Type", asset.type},
                                 {"Cache-Control", "public, max-age=31536000, immutable"},
                                 {"Vary", "Accept-Encoding"},
                                 {"X-Content-Type-Options", "nosniff"},
                                 {"Cross-Origin-Resource-Policy", "same-origin"}},
                     .body = {}};
    const bool compressed = !asset.gzip.empty() && takes_gzip(request);
    if (compressed) {
        out.headers.emplace_back("Content-Encoding", "gzip");
    }
    out.body = compressed ? asset.gzip : asset.plain;
    return out;
}

}  // namespace fristvakt::daemon
