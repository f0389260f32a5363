using Sommelier.Canonical;

namespace Sommelier.Wire;

/// <summary>The caller's bytes are not a request; carries the error to tell it.</summary>
public sealed class WireException(GatewayError error) : Exception(error.Message)
{
    /// <summary>What to tell the caller.</summary>
    public GatewayError Error { get; } = error;

    /// <summary>The request is wrong at a field.</summary>
    public static WireException Invalid(string? field, string message) => new(GatewayError.Invalid(field, message));
}

/// <summary>The vendor's bytes are not an answer; carries what the attempt loop decides by.</summary>
public sealed class UpstreamException(UpstreamFailure failure) : Exception(failure.Message)
{
    /// <summary>What went wrong.</summary>
    public UpstreamFailure Failure { get; } = failure;

    /// <summary>What the vendor counts for it all the same, where the bytes say so: an answer that is of no use has its price.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The bytes are not of the format.</summary>
    public static UpstreamException Protocol(string message) => new(new(UpstreamFailureKind.ProtocolError, message));
}
