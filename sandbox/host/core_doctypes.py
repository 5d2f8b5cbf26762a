"""The few DocTypes of Frappe itself that the app touches, in the form of DocType JSON."""

from __future__ import annotations

from typing import Any


def _doctype(name: str, fields: str, **properties: Any) -> dict[str, Any]:
    """`fields` is 'fieldname:Type[:options]' separated by spaces, `_` in type and options meaning a space."""
    definition: dict[str, Any] = {"name": name, "module": "Core", "fields": [], "permissions": [], **properties}
    for field in fields.split():
        fieldname, fieldtype, options = (field + "::").split(":")[:3]
        df = {
            "fieldname": fieldname,
            "fieldtype": fieldtype.replace("_", " "),
            "options": options.replace("_", " ") or None,
        }
        definition["fields"].append(df)
    return definition


CORE = [
    _doctype("DocType", "module:Data issingle:Check istable:Check custom:Check", autoname="prompt"),
    _doctype("Patch Log", "patch:Code skipped:Check", autoname="hash"),
    _doctype("Role", "role_name:Data disabled:Check desk_access:Check is_custom:Check", autoname="field:role_name"),
    _doctype("Has Role", "role:Link:Role", istable=1),
    _doctype(
        "Custom DocPerm",
        "parent:Data role:Link:Role if_owner:Check permlevel:Int select:Check read:Check write:Check create:Check delete:Check submit:Check "
        "cancel:Check amend:Check report:Check export:Check import:Check share:Check print:Check email:Check",
        autoname="hash",
    ),
    _doctype(
        "File",
        "file_name:Data is_private:Check is_folder:Check file_size:Int file_url:Code attached_to_doctype:Link:DocType attached_to_name:Data "
        "attached_to_field:Data content_hash:Data file_type:Data",
        autoname="hash",
        permissions=[{"role": "System Manager", "read": 1, "write": 1, "create": 1, "delete": 1}],
        controller="frappe.core.doctype.file.file",
    ),
    _doctype(
        "User",
        "email:Data first_name:Data full_name:Data enabled:Check user_type:Data language:Data send_welcome_email:Check "
        "roles:Table:Has_Role",
        autoname="field:email",
    ),
    _doctype("User Permission", "user:Link:User allow:Link:DocType for_value:Data applicable_for:Link:DocType", autoname="hash"),
    _doctype(
        "Notification Log",
        "subject:Text for_user:Link:User from_user:Link:User type:Data email_content:Text_Editor document_type:Link:DocType document_name:Data "
        "read:Check link:Data",
        autoname="hash",
    ),
    _doctype(
        "ToDo",
        "status:Select priority:Select date:Date allocated_to:Link:User description:Text_Editor reference_type:Link:DocType reference_name:Data "
        "assigned_by:Link:User",
        autoname="hash",
    ),
    _doctype(
        "Comment",
        "comment_type:Select comment_email:Data comment_by:Data reference_doctype:Link:DocType reference_name:Data content:HTML_Editor",
        autoname="hash",
    ),
    # On a bench the recipients are rows of a table, and the message is a whole MIME message.
    _doctype(
        "Email Queue",
        "recipients:Code subject:Data message:Code reference_doctype:Data reference_name:Data attachments:Code",
        autoname="hash",
    ),
    _doctype(
        "Error Log",
        "seen:Check reference_doctype:Link:DocType reference_name:Data method:Data error:Code trace_id:Data",
        autoname="autoincrement",
    ),
    _doctype("Dynamic Link", "link_doctype:Link:DocType link_name:Data", istable=1),
    _doctype(
        "Address",
        "address_title:Data address_type:Select address_line1:Data address_line2:Data city:Data county:Data state:Data country:Data "
        "pincode:Data is_primary_address:Check is_shipping_address:Check disabled:Check links:Table:Dynamic_Link",
        autoname="hash",
    ),
    _doctype("Custom HTML Block", "html:Code script:Code style:Code private:Check roles:Table:Has_Role", autoname="prompt"),
    _doctype("Print Format", "doc_type:Link:DocType pdf_generator:Select", autoname="prompt"),
    _doctype("Print Settings", "pdf_generator:Select", issingle=1),
    _doctype("System Settings", "time_zone:Data country:Data language:Data float_precision:Data", issingle=1),
]
