using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Upstream;

/// <summary>Files that a caller names by the id that its vendor gave them: nobody else has them.</summary>
internal static class StoredFiles
{
    private const string OpenAI = "openai-";

    /// <summary>Checks that a target can have the files of a call. Costs nothing without media, or where the format's own vendor is asked.</summary>
    /// <remarks>
    /// An id does not say whose it is: it is taken as one of the vendor of the caller's format. Who has uploaded to another one that speaks
    /// the same names it, as <c>provider/model</c>.
    /// </remarks>
    /// <exception cref="WireException">It cannot: names the field and the remedy.</exception>
    public static void Check(InboundCall call, IWireFormat target, Provider provider, Deployment deployment)
    {
        var isKin = ReferenceEquals(target, call.Format) || (IsOpenAI(target) && IsOpenAI(call.Format));
        if (call.Outline.MediaCount == 0
            || (isKin && (provider.ReadsFileIds || string.Equals(call.Outline.Model, deployment.Id, StringComparison.Ordinal) || call.Body.Span.IndexOf("\"file_id\""u8) < 0)))
        {
            return;
        }

        var file = Find(call.Request.SystemInstructions) ?? call.Request.Messages.Select(static message => Find(message.Parts)).FirstOrDefault(static found => found is not null);
        if (file is not null)
        {
            var field = CallerFields.Media(call.Format.Name, file);
            throw WireException.Invalid(
                field, $"'{field}' names a file that was uploaded to another vendor, which {deployment.Id} cannot read. Send the file as data, or name a model of that vendor's as provider/model.");
        }
    }

    // Its two formats name the same files.
    private static bool IsOpenAI(IWireFormat format) => format.Name.StartsWith(OpenAI, StringComparison.Ordinal);

    private static FilePart? Find(IReadOnlyList<ContentPart> parts) => parts
        .Select(static part => part as FilePart ?? (part is ToolCallResponsePart result ? Find(result.Parts) : null))
        .FirstOrDefault(static found => found is not null);
}
