using System.Text.Json;
using TrafficDispatch.Service.Serving;

namespace TrafficDispatch.Service.Pages.Data;

/// <summary>What stands of contracts beyond their edges: for those who may see it, the running month and what room would be worth.</summary>
internal sealed class ContractsJson(PageMoment moment, bool showsAll)
{
    /// <summary>Writes it; nothing for those who may not see it.</summary>
    public void Write(Utf8JsonWriter json, ServingState state)
    {
        if (!showsAll || state.Plan is not { } plan) return;
        json.WriteString("billingMonth", moment.Status.BillingMonth);
        json.WriteObjects("contracts", plan.ContractRoomPrice, (j, room) =>
        {
            j.WriteString("id", room.ContractId);
            j.WriteNumber("room", room.Price);
            if (moment.Status.Contracts.FirstOrDefault(c => c.ContractId == room.ContractId) is { } month) WriteMonth(j, month);
        });
    }

    private static void WriteMonth(Utf8JsonWriter json, Protocol.V1.ContractMonth month)
    {
        json.WriteString("billing", month.Billing);
        json.WriteNumber("billed", month.BilledMbps);
        json.WriteNumber("paid", month.PaidMbps);
        json.WriteNumber("burstsLeft", month.BurstsLeft);
        json.WriteNumber("billMicroUsd", month.BillMicroUsd);
    }
}
