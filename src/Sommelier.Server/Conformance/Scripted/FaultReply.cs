using System.Text;

namespace Sommelier.Server.Conformance.Scripted;

/// <summary>How the bytes of a body are told from what follows them.</summary>
public enum BodyFraming
{
    /// <summary>In chunks, as streams are.</summary>
    Chunked,

    /// <summary>By a length said before.</summary>
    ContentLength,

    /// <summary>By the end of the connection.</summary>
    Close,

    /// <summary>Not at all: the pieces are everything that is sent, the head included.</summary>
    Raw,
}

/// <summary>What happens once everything that was scripted has been sent.</summary>
public enum FaultEnd
{
    /// <summary>The reply ends as it should.</summary>
    Complete,

    /// <summary>The connection is closed in the middle of the reply.</summary>
    Cut,

    /// <summary>The connection is reset in the middle of the reply.</summary>
    Reset,

    /// <summary>Nothing more ever comes; the connection stays open until the other side closes it.</summary>
    Hang,

    /// <summary>Our direction of the connection ends; the other stays open until the other side closes it.</summary>
    HalfClose,

    /// <summary>The last piece is sent again and again, <see cref="FaultReply.Pause"/> apart, until the other side closes the connection.</summary>
    Repeat,
}

/// <summary>One scripted reply of a <see cref="FaultServer"/>: what is sent and how it goes wrong.</summary>
public sealed record FaultReply
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The media type, or null for none.</summary>
    public string? ContentType { get; init; } = "application/json";

    /// <summary>Further headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The pieces of the body; each is written and flushed by itself.</summary>
    public IReadOnlyList<string> Pieces { get; init; } = [];

    /// <summary>How the body is framed.</summary>
    public BodyFraming Framing { get; init; } = BodyFraming.ContentLength;

    /// <summary>The length to declare where it is not the true one.</summary>
    public int? DeclaredLength { get; init; }

    /// <summary>Whether it is said to be HTTP/1.0, which knows no chunks.</summary>
    public bool Http10 { get; init; }

    /// <summary>The wait after each piece.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>How it ends.</summary>
    public FaultEnd End { get; init; } = FaultEnd.Complete;

    /// <summary>Whether not even the headers are sent before the end.</summary>
    public bool Silent { get; init; }

    /// <summary>Bytes after a complete chunked body, which belong to no reply.</summary>
    public string Trailing { get; init; } = "";

    /// <summary>The piece before which the server waits for <see cref="Gate"/>; -1 for the head, before everything.</summary>
    public int GateBefore { get; init; } = -1;

    /// <summary>What it waits for.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    /// <summary>An error reply.</summary>
    public static FaultReply Error(int status, string body, params (string Name, string Value)[] headers) => new()
    {
        Status = status,
        Pieces = [body],
        Headers = [.. headers.Select(header => KeyValuePair.Create(header.Name, header.Value))],
    };

    /// <summary>A proxy's page.</summary>
    public static FaultReply Html(int status) => new()
    {
        Status = status,
        ContentType = "text/html",
        Pieces = ["<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"],
    };

    /// <summary>Bytes that are written as they are: status line, headers, body.</summary>
    public static FaultReply Raw(params string[] pieces) => new() { Framing = BodyFraming.Raw, Pieces = pieces };

    /// <summary>A whole JSON body.</summary>
    public static FaultReply Json(string body) => new() { Pieces = [body] };

    /// <summary>A stream of events.</summary>
    public static FaultReply Events(IEnumerable<string> events) => new()
    {
        ContentType = "text/event-stream",
        Framing = BodyFraming.Chunked,
        Pieces = [.. events],
    };

    /// <summary>No reply at all, for ever.</summary>
    public static FaultReply Nothing { get; } = new() { Silent = true, End = FaultEnd.Hang };

    /// <summary>The connection is reset instead of a reply.</summary>
    public static FaultReply ResetAtOnce { get; } = new() { Silent = true, End = FaultEnd.Reset };

    /// <summary>The connection is closed instead of a reply.</summary>
    public static FaultReply CloseAtOnce { get; } = new() { Silent = true, End = FaultEnd.Cut };

    /// <summary>The body one byte at a time: every event is cut everywhere.</summary>
    public FaultReply ByteByByte() => this with { Pieces = [.. Pieces.SelectMany(piece => Encoding.UTF8.GetBytes(piece).Select(b => Encoding.Latin1.GetString([b])))], Binary = true };

    /// <summary>Whether each character of a piece is one byte.</summary>
    public bool Binary { get; init; }

    internal byte[] Bytes(string piece) => Binary ? Encoding.Latin1.GetBytes(piece) : Encoding.UTF8.GetBytes(piece);
}
