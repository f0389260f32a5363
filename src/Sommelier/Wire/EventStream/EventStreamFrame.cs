namespace Sommelier.Wire.EventStream;

/// <summary>What a frame of an AWS event stream carries: its header <c>:message-type</c>.</summary>
internal enum EventStreamKind
{
    /// <summary>A part of the answer, named by <see cref="EventStreamFrame.EventType"/>.</summary>
    Event,

    /// <summary>An error that the service's model knows, named by <see cref="EventStreamFrame.ExceptionType"/>; its payload says more.</summary>
    Exception,

    /// <summary>Any other error: <see cref="EventStreamFrame.ErrorCode"/> and <see cref="EventStreamFrame.ErrorMessage"/>, no payload.</summary>
    Error,
}

/// <summary>One frame of an AWS event stream. The spans live until the next read; a header that is absent is empty.</summary>
internal readonly ref struct EventStreamFrame
{
    /// <summary>The frame's bytes with prelude and checksums: what a relay passes on.</summary>
    public required ReadOnlySpan<byte> Raw { get; init; }

    /// <summary>What it carries.</summary>
    public required EventStreamKind Kind { get; init; }

    /// <summary>The header <c>:event-type</c>, e.g. <c>contentBlockDelta</c>.</summary>
    public ReadOnlySpan<byte> EventType { get; init; }

    /// <summary>The header <c>:exception-type</c>, e.g. <c>throttlingException</c>.</summary>
    public ReadOnlySpan<byte> ExceptionType { get; init; }

    /// <summary>The header <c>:error-code</c>.</summary>
    public ReadOnlySpan<byte> ErrorCode { get; init; }

    /// <summary>The header <c>:error-message</c>.</summary>
    public ReadOnlySpan<byte> ErrorMessage { get; init; }

    /// <summary>The header <c>:content-type</c> of the payload, e.g. <c>application/json</c>.</summary>
    public ReadOnlySpan<byte> ContentType { get; init; }

    /// <summary>The payload.</summary>
    public required ReadOnlySpan<byte> Payload { get; init; }
}
