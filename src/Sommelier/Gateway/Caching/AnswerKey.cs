using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Sommelier.Gateway.Caching;

/// <summary>What requests have in common that may share an answer: a SHA-256 over everything that the answer depends on.</summary>
/// <remarks>
/// The tenant comes first: no two of them share a key. The body counts member by member, in the order of their names, with
/// the bytes of each value as they came; members that change no answer do not count (<see cref="RequestState"/>).
/// </remarks>
/// <param name="High">The first half.</param>
/// <param name="Low">The second half.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct AnswerKey(UInt128 High, UInt128 Low)
{
    /// <summary>The key of a request that was decided; null when its answer depends on more than the request says.</summary>
    public static AnswerKey? Of(Flight flight) => Of(flight, [], "");

    /// <summary>What requests have in common that differ in some texts of their bodies alone.</summary>
    /// <param name="flight">A request that has a key of its own.</param>
    /// <param name="texts">Where those stand, in order; one at least.</param>
    /// <param name="beside">What must be the same beside them.</param>
    public static AnswerKey? Around(Flight flight, IReadOnlyList<Range> texts, string beside) => Of(flight, texts, beside);

    private static AnswerKey? Of(Flight flight, IReadOnlyList<Range> without, string beside)
    {
        if (RequestState.Members(flight) is not { } members)
        {
            return null;
        }

        var body = flight.Body.Span;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var call = flight.Call;
        Add(hash, Tenant(flight.Caller!));
        Add(hash, call.Format.Name);
        Add(hash, flight.Decision!.Query.Policy.Version);
        Add(hash, flight.Decision.Plan[0].Deployment.CanonicalModel);
        Add(hash, flight.Outline!.Model);
        Add(hash, call.Path.Framing ?? "");
        Add(hash, flight.Outline.Stream ? "stream" : "whole");
        Add(hash, flight.Hints.Strict == true ? "strict" : "");

        // Streams tell what they cost to those who sent the object.
        Add(hash, flight.Outline.Stream && flight.Outline.Hints is not null ? "cost" : "");
        foreach (var (name, value) in call.ForwardedHeaders)
        {
            Add(hash, name);
            Add(hash, value);
        }

        foreach (var member in members)
        {
            Add(hash, member.Name);
            var at = member.ValueStart;
            foreach (var text in without)
            {
                var (start, length) = text.GetOffsetAndLength(body.Length);
                if (start >= at && start + length <= member.End)
                {
                    Add(hash, body[at..start]);
                    at = start + length;
                }
            }

            Add(hash, body[at..member.End]);
        }

        if (without.Count > 0)
        {
            Add(hash, beside);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return new(BinaryPrimitives.ReadUInt128BigEndian(digest), BinaryPrimitives.ReadUInt128BigEndian(digest[16..]));
    }

    // Whoever pays together shares: an organisation, else a team, else a key.
    private static string Tenant(Caller caller) =>
        caller.Known?.Organisation?.Id ?? caller.Known?.Team?.Id ?? caller.Id;

    private static void Add(IncrementalHash hash, string text) => Add(hash, Encoding.UTF8.GetBytes(text));

    // With its length before it no text runs into the next.
    private static void Add(IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
