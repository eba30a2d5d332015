# Varnish 7 in front of nginx: every page comes from memory, and a release is public at once by its purge list (docs/cdn.md).
# Start varnishd with -p http_gzip_support=off: nginx has each file compressed already, with brotli too, and Varnish keeps
# each form apart by the Vary header.
vcl 4.1;

backend nginx {
    .host = "127.0.0.1";
    .port = "8080";
}

# Who may make it forget: the machine that publishes.
acl publishers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ publishers) {
            return (synth(403));
        }
        set req.url = regsub(req.url, "\?.*$", "");
        return (purge);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (synth(405));
    }
    unset req.http.Cookie;
    unset req.http.Authorization;

    # A file is the same for every query: the search page reads its own in the browser. A path that is neither a folder nor
    # a file is about to be sent on to its folder, query and all, so there the query counts.
    if (req.url ~ "^[^?]*(/|\.[a-z0-9]+)\?") {
        set req.url = regsub(req.url, "\?.*$", "");
    }

    # Three forms of each file, and no more.
    if (req.http.Accept-Encoding ~ "\bbr\b") {
        set req.http.Accept-Encoding = "br";
    } elsif (req.http.Accept-Encoding ~ "\bgzip\b") {
        set req.http.Accept-Encoding = "gzip";
    } else {
        unset req.http.Accept-Encoding;
    }
    return (hash);
}

sub vcl_hash {
    # By path alone, so that a purge needs no host's name.
    hash_data(req.url);
    return (lookup);
}

sub vcl_backend_response {
    # s-maxage says how long, a minute for what shows a status. After that minute nothing is shown before nginx was asked:
    # an old page for a moment longer would be a withdrawn certificate shown as valid.
    set beresp.grace = 0s;
    set beresp.keep = 10m;
    if (beresp.status >= 500) {
        set beresp.ttl = 0s;
    }
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    set resp.http.X-Cache = "miss";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "hit";
    }
}

sub vcl_synth {
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    set resp.body = resp.reason;
    return (deliver);
}
