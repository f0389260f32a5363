using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>
/// One vendor's way of writing chat requests and answers as bytes. Read and written once, here, so that any caller's
/// dialect reaches any provider.
/// </summary>
/// <remarks>Pure: no I/O, no clock, no state between requests. Safe for use by many threads at once.</remarks>
public interface IWireFormat
{
    /// <summary>The name used in configuration and records, e.g. <c>openai-chat</c>.</summary>
    string Name { get; }

    /// <summary>What is asked in it. Default: a chat.</summary>
    Operation Operation => Operation.Chat;

    /// <summary>Whose seals on thinking its targets take back, see <see cref="Seals"/>; null: nobody's.</summary>
    string? SealVendor => null;

    /// <summary>Whether its clients send the ids of tool calls back. False where some know no such ids.</summary>
    bool KeepsCallIds => true;

    /// <summary>
    /// Whether callers may speak it too. False for a format that only providers speak (<c>UpstreamOnlyFormat</c>): its inbound
    /// members throw <see cref="NotSupportedException"/>.
    /// </summary>
    bool Inbound => true;

    /// <summary>
    /// Whether requests of other formats are never written in it, because they do not fit: its endpoints serve callers of this very
    /// dialect, whose bytes they pass on, and its writer of requests throws <see cref="NotSupportedException"/>.
    /// </summary>
    bool OwnCallersOnly => false;

    /// <summary>Whose endpoints serve it, below their own path; null: it has endpoints of its own.</summary>
    FormatBelow? Below => null;

    /// <summary>Kinds of media that it has a place for as bytes only, never by address, whoever serves it. Default: none.</summary>
    MediaKind BytesOnly => MediaKind.None;

    /// <summary>Whether it has a place for documents of plain text (<c>text/*</c>); else they are said in the message.</summary>
    bool TextDocuments => true;

    /// <summary>What may be the name of a tool; null: anything, or there are no tools.</summary>
    ToolNameRule? ToolNames => null;

    /// <summary>Whether its answers have a place for how likely each token was, in words that <see cref="TokenLogProbs"/> knows. Default: no.</summary>
    bool LogProbs => false;

    /// <summary>Headers that the format's servers demand of every request, where neither provider nor configuration sets them.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <summary>Whether a header of a caller of the format goes on to its servers with the caller's request. Default: yes.</summary>
    bool Forwards(KeyValuePair<string, string> header, Canonical.RequestOutline request) => true;

    /// <summary>The reply header in which its vendor names the request, where its clients show it (an error's <c>requestID</c>); null when there is none.</summary>
    string? RequestIdHeader => null;

    /// <summary>How its vendor's replies tell callers what is left of their limits. Default: they do not.</summary>
    RateLimitDialect RateLimits => RateLimitDialect.None;

    /// <summary>Requests.</summary>
    IRequestWire Requests { get; }

    /// <summary>Whole answers.</summary>
    IResponseWire Responses { get; }

    /// <summary>Streamed answers.</summary>
    IStreamWire Streams { get; }

    /// <summary>Errors.</summary>
    IErrorWire Errors { get; }
}
