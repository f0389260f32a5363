namespace Sommelier.Gateway.Bodies;

/// <summary>What is stored of a request's bodies: redacted JSON, or text where the body was none. Null where there was no body.</summary>
/// <param name="RequestId">Whose.</param>
/// <param name="Request">What the caller sent.</param>
/// <param name="RequestCut">Whether there was more of it.</param>
/// <param name="Reply">What the caller got; of a stream what it came to.</param>
/// <param name="ReplyCut">Whether there was more of it.</param>
internal sealed record StoredBodies(string RequestId, ReadOnlyMemory<byte>? Request, bool RequestCut, ReadOnlyMemory<byte>? Reply, bool ReplyCut);
