select ancestor_code, descendant_code, depth
from {{ ref('int_unit_closure') }}
