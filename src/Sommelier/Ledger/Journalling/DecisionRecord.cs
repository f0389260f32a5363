namespace Sommelier.Ledger.Journalling;

/// <summary>A decision record in the journal.</summary>
internal readonly record struct DecisionRecord(string RequestId, ILedgerDecision Decision)
{
    public static DecisionRecord Read(ReadOnlySpan<byte> fields)
    {
        var requestId = "";
        byte[] json = [];
        var from = new FieldReader(fields);
        while (from.Next())
        {
            switch (from.Field)
            {
                case 1:
                    requestId = from.Text;
                    break;
                case 2:
                    json = from.Span.ToArray();
                    break;
            }
        }

        return new DecisionRecord(requestId, new JsonLedgerDecision(json));
    }
}
