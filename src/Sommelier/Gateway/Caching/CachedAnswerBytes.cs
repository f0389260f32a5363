using Sommelier.Canonical;
using Sommelier.Ledger.Journalling;
using Sommelier.Wire;

namespace Sommelier.Gateway.Caching;

/// <summary>A stored answer as bytes, for caches outside the process: a version, then numbered fields. Numbers are never reused.</summary>
internal static class CachedAnswerBytes
{
    private const byte Version = 1;

    private const double Millionths = 1_000_000;

    /// <summary>The bytes of an answer.</summary>
    public static byte[] Write(CachedAnswer answer)
    {
        var to = new FieldWriter();
        to.Raw(Version);
        to.Bytes(1, answer.Body.Span);
        to.Text(2, answer.ContentType);
        to.Flag(3, answer.Streamed);
        to.Text(4, answer.DeploymentId);
        to.Text(5, answer.CallerId);
        to.Number(6, answer.At.ToUnixTimeMilliseconds());
        to.Number(7, answer.ExpiresAt.ToUnixTimeMilliseconds());
        var mark = to.Begin(8);
        Write(to, answer.Facts);
        to.End(mark);
        foreach (var warning in answer.Warnings)
        {
            EntryEncoder.Write(to, 9, warning);
        }

        if (answer.Similarity is { } similarity)
        {
            to.Number(10, (long)Math.Round(similarity * Millionths));
        }

        return to.Written.ToArray();
    }

    /// <summary>Reads an answer; null when another version wrote it, or the bytes are none.</summary>
    public static CachedAnswer? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [Version, .. var fields])
        {
            return null;
        }

        List<Warning> warnings = [];
        var answer = new CachedAnswer
        {
            Body = default, ContentType = "", Streamed = false, DeploymentId = "", Facts = new(), Warnings = warnings, At = default, ExpiresAt = default,
        };
        try
        {
            var from = new FieldReader(fields);
            while (from.Next())
            {
                if (from.Field == 9)
                {
                    warnings.Add(EntryDecoder.ReadWarning(from.Span));
                    continue;
                }

                answer = from.Field switch
                {
                    1 => answer with { Body = from.Span.ToArray() },
                    2 => answer with { ContentType = from.Text },
                    3 => answer with { Streamed = from.Flag },
                    4 => answer with { DeploymentId = from.Text },
                    5 => answer with { CallerId = from.Text },
                    6 => answer with { At = DateTimeOffset.FromUnixTimeMilliseconds(from.Number) },
                    7 => answer with { ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(from.Number) },
                    8 => answer with { Facts = ReadFacts(from.Span) },
                    10 => answer with { Similarity = from.Number / Millionths },
                    _ => answer,
                };
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or ArgumentOutOfRangeException)
        {
            return null;
        }

        return answer.ContentType.Length > 0 && answer.DeploymentId.Length > 0 ? answer : null;
    }

    private static void Write(FieldWriter to, AnswerFacts facts)
    {
        to.Text(1, facts.Id);
        to.Text(2, facts.ResponseModel);
        if (facts.Usage is { } usage)
        {
            var mark = to.Begin(3);
            EntryEncoder.Write(to, usage);
            to.End(mark);
        }

        EntryEncoder.Write(to, 4, facts.FinishReason);
        to.Number(5, facts.OutputBytes);
        to.Number(6, facts.Vectors);
        to.Flag(7, facts.IsLoose);
        to.Flag(8, facts.HasToolCall);
    }

    private static AnswerFacts ReadFacts(ReadOnlySpan<byte> bytes)
    {
        var facts = new AnswerFacts();
        var from = new FieldReader(bytes);
        while (from.Next())
        {
            switch (from.Field)
            {
                case 1:
                    facts.Id = from.Text;
                    break;
                case 2:
                    facts.ResponseModel = from.Text;
                    break;
                case 3:
                    facts.Usage = EntryDecoder.ReadUsage(from.Span);
                    break;
                case 4:
                    facts.FinishReason = EntryDecoder.ReadFinishReason(from.Span);
                    break;
                case 5:
                    facts.OutputBytes = from.Number;
                    break;
                case 6:
                    facts.Vectors = (int)from.Number;
                    break;
                case 7:
                    facts.IsLoose = from.Flag;
                    break;
                case 8:
                    facts.HasToolCall = from.Flag;
                    break;
            }
        }

        return facts;
    }
}
