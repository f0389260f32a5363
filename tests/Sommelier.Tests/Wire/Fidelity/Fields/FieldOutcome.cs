using System.Text;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity.Fields;

/// <summary>What becomes of a caller's request at a vendor.</summary>
/// <param name="Sent">What reaches the vendor; the caller's fault where it is one.</param>
/// <param name="Warnings">What the caller is told.</param>
internal sealed record FieldOutcome(string Sent, IReadOnlyList<Warning> Warnings)
{
    /// <summary>Reads a body in a caller's dialect and writes it for a vendor, as the attempt loop does.</summary>
    public static FieldOutcome Of(string caller, Target target, JsonNode body)
    {
        try
        {
            var warnings = new List<Warning>();
            var request = WireFormats.Get(caller).Requests.Read(Encoding.UTF8.GetBytes(body.ToJsonString()), new CallPath("m"));
            var isSame = caller == target.Format;
            request = AnswerReach.Within(isSame ? request : PlainWords.In(request, target.Wire, warnings), isSame || (WireFormats.Get(request.Format).LogProbs && target.Wire.LogProbs), warnings);
            var (written, lost) = target.Bytes(request);
            warnings.AddRange(lost);
            CallerFields.Rename(caller, warnings, request.Reasoning);
            return new(Encoding.UTF8.GetString(written), warnings);
        }
        catch (WireException refused)
        {
            return new(refused.Message, []);
        }
    }

    /// <summary>Whether the caller is told of a field; who is told of a whole is told of what stands in it.</summary>
    public bool IsTold(string path) => Warnings.Any(warning => Holds(warning.Field, path));

    /// <summary>Whether the caller is told that a field does not reach the vendor: by its own path, or because what it stands in is left out.</summary>
    public bool IsLossTold(string path) => Warnings.Any(warning => warning.Field == path || (warning.Code == "dropped" && Holds(warning.Field, path)));

    /// <summary>Whether two requests reach the vendor and are told of alike.</summary>
    public bool IsLike(FieldOutcome other) => Sent == other.Sent && Warnings.Select(static warning => warning.Field).SequenceEqual(other.Warnings.Select(static warning => warning.Field));

    private static bool Holds(string field, string path) =>
        field.Length > 0 && path.StartsWith(field, StringComparison.Ordinal) && (path.Length == field.Length || path[field.Length] is '.' or '[');
}
