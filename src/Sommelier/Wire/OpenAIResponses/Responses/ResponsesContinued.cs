using System.Buffers;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>
/// Puts the id of the answer that a caller continues back into answers that are passed on: the gateway writes that answer
/// out and takes its id off before it asks the vendor, whose answer therefore says that it continues nothing.
/// </summary>
internal static class ResponsesContinued
{
    /// <summary>The member's name.</summary>
    public const string Member = "previous_response_id";

    /// <summary>The id as the caller wrote it, a JSON string; empty when the caller continues nothing.</summary>
    public static ReadOnlyMemory<byte> Id(ReplyContext context)
    {
        if (context.Outline is not { PreviousResponseId: not null } outline || outline.Member(Member) is not { } member)
        {
            return default;
        }

        return context.Request[member.ValueStart..member.End];
    }

    /// <summary>The member's name, for readers.</summary>
    public static ReadOnlySpan<byte> Utf8Member => "previous_response_id"u8;

    /// <summary>Adds what must change in a response object.</summary>
    /// <param name="id">The id, from <see cref="Id"/>; empty: nothing changes.</param>
    /// <param name="scan">What is known of the object.</param>
    /// <param name="start">Where the object stands in the text that is edited.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="edits">Takes the change.</param>
    public static void Edit(ReadOnlyMemory<byte> id, in ResponsesAnswerScan scan, int start, int end, JsonEdits edits)
    {
        // An object without an id is no answer that anybody could continue.
        if (id.IsEmpty || scan.Id.Equals(default))
        {
            return;
        }

        if (!scan.PreviousId.Equals(default))
        {
            edits.Replace(start + scan.PreviousId.Start.Value, start + scan.PreviousId.End.Value, id);
            return;
        }

        edits.Insert(end - 1, (byte[])[.. ",\"previous_response_id\":"u8, .. id.Span]);
    }

    /// <summary>A whole answer as its caller expects it; null when it is so already.</summary>
    public static ReadOnlyMemory<byte>? Restored(ReadOnlySpan<byte> body, ReplyContext context)
    {
        var id = Id(context);
        if (id.IsEmpty)
        {
            return null;
        }

        var edits = new JsonEdits();
        Edit(id, ResponsesAnswerScan.Read(body, WireQuirks.Default), 0, body.TrimEnd(" \t\r\n"u8).Length, edits);
        var output = new ArrayBufferWriter<byte>(body.Length + id.Length + 32);
        edits.Apply(body, output);
        return output.WrittenMemory;
    }
}
